"""`callgate calls`: the newest call requests."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.domain.call_request import CallRequest
from bot.domain.phone_number import mask_e164
from bot.ops.settings import StoreSettings, load_settings
from storage.calls.worklist import newest
from storage.database.opening import read_only


def calls(limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 20) -> None:
    """Show the newest call requests and where they stand."""
    with read_only(load_settings(StoreSettings).callgate_database) as db:
        Console().print(_table(newest(db, limit)))


def _table(requests: list[CallRequest]) -> Table:
    table = Table("request", "asked", "requester", "number", "status", "call_sid")
    for request in requests:
        asked = request.created_at.strftime("%Y-%m-%d %H:%M")
        number = mask_e164(request.to_number)
        table.add_row(
            request.id, asked, request.requester, number, request.status.value, request.call_sid or ""
        )
    return table
