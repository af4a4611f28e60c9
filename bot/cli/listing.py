"""`callgate calls`: the newest call requests."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.domain.call_request import CallRequest
from bot.domain.errors import Misconfigured
from bot.domain.phone_number import mask_e164
from bot.settings import StoreSettings, load_settings
from storage.call_store import SqliteCallStore
from storage.database import Database


def calls(limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 20) -> None:
    """Show the newest call requests and where they stand."""
    Console().print(_table(asyncio.run(_recent(limit))))


async def _recent(limit: int) -> list[CallRequest]:
    path = load_settings(StoreSettings).callgate_database
    if not path.exists():
        raise Misconfigured(f"There is no database at {path}. Set CALLGATE_DATABASE to where it is.")
    database = Database(path)
    try:
        return await SqliteCallStore(database, lambda _: None).recent(limit)
    finally:
        database.close()


def _table(requests: list[CallRequest]) -> Table:
    table = Table("request", "asked", "requester", "number", "status", "call_sid")
    for request in requests:
        asked = request.created_at.strftime("%Y-%m-%d %H:%M")
        number = mask_e164(request.to_number)
        table.add_row(
            request.id, asked, request.requester, number, request.status.value, request.call_sid or ""
        )
    return table
