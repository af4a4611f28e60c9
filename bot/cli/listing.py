"""`callgate calls`: the newest call requests."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Column, Table

from bot.cli.output import print_whole
from bot.domain.call_request import CallRequest
from bot.domain.phone_number import mask_e164
from bot.ops.settings import StoreSettings, load_settings
from storage.calls.worklist import newest
from storage.database.opening import read_only


def calls(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")] = False,
) -> None:
    """Show the newest call requests and where they stand."""
    with read_only(load_settings(StoreSettings).callgate_database) as db:
        requests = newest(db, limit)
    if as_json:
        for request in requests:
            typer.echo(json.dumps(_facts(request)))
    else:
        print_whole(_table(requests))


def _facts(request: CallRequest) -> dict[str, str | None]:
    return {
        "request": request.id,
        "asked_at": request.created_at.isoformat(),
        "requester": request.requester,
        "number": mask_e164(request.to_number),
        "status": request.status.value,
        "call_sid": request.call_sid,
    }


def _table(requests: list[CallRequest]) -> Table:
    names = ("request", "asked (UTC)", "requester", "number", "status", "call_sid")
    table = Table(*(Column(name, no_wrap=True) for name in names))
    for request in requests:
        asked = {"asked_at": f"{request.created_at:%Y-%m-%d %H:%M}"}
        table.add_row(*(value or "" for value in (_facts(request) | asked).values()))
    return table
