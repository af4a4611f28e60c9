"""The command line."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.app import run as run_app
from bot.domain.call_request import CallRequest
from bot.domain.errors import CallgateError
from bot.domain.phone_number import mask_e164
from bot.logs import set_up_logs
from bot.sandbox.page.run import DEFAULT_PORT, run_page
from bot.sandbox.script import run_script
from bot.settings import load_settings
from storage.call_store import SqliteCallStore
from storage.database import Database

cli = typer.Typer(
    help="Voice calls from Slack that no one person can place alone.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line; an error of ours is one sentence and exit status 1."""
    try:
        cli()
    except CallgateError as error:
        Console(stderr=True).print(error.sentence, markup=False, highlight=False)
        raise SystemExit(1) from None


@cli.command()
def run() -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    settings = load_settings()
    set_up_logs()
    asyncio.run(run_app(settings))


@cli.command()
def sandbox(
    script: Annotated[bool, typer.Option("--script", help="Play one whole call and exit.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Of the page; 0: any.")] = DEFAULT_PORT,
) -> None:
    """Run the bot against an emulated Slack and an emulated PolyAI, with a page to play in."""
    well = asyncio.run(run_script(os.environ) if script else run_page(os.environ, port))
    raise typer.Exit(0 if well else 1)


@cli.command()
def calls(limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 20) -> None:
    """Show the newest call requests and where they stand."""
    Console().print(_table(asyncio.run(_recent(limit))))


async def _recent(limit: int) -> list[CallRequest]:
    database = Database(load_settings().callgate_database)
    try:
        return await SqliteCallStore(database, lambda: None).recent(limit)
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
