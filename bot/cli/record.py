"""`callgate audit`: verify the record's chain, and export it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import sqlite_utils
import typer

from bot.cli.output import Format, target
from bot.domain.errors import Misconfigured
from bot.ops.settings import StoreSettings, load_settings
from storage.database.opening import read_only
from storage.record import audit_events
from storage.record.chain_check import Head, check
from storage.record.export import write_csv, write_jsonl
from storage.record.row_check import check_rows

_MAX_TOLD = 100

audit = typer.Typer(help="The record of everything that was done.", no_args_is_help=True)


@audit.command()
def verify(
    head: Annotated[str | None, typer.Option(help="A head that was kept; give --count too.")] = None,
    count: Annotated[int | None, typer.Option(min=0, help="The count that was kept with it.")] = None,
) -> None:
    """Find every event that was changed, removed, added or moved, and every row that is not what they say."""
    kept = _kept(head, count)
    with _record() as db:
        report = check(audit_events.events(db), kept)
        found = [*(fault.sentence for fault in report.faults), *check_rows(db)]
    typer.echo("\n".join(_problems(found) if found else _well(report.head, kept)))
    raise typer.Exit(1 if found else 0)


@audit.command()
def export(
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.JSONL,
    output: Annotated[Path | None, typer.Option(help="The file to write; else standard output.")] = None,
) -> None:
    """Write every event with its hashes: who did what when to which request."""
    write = write_csv if form is Format.CSV else write_jsonl
    with _record() as db, target(output) as file:
        write(audit_events.events(db), file)


@audit.command()
@audit.command("looks", hidden=True)  # its name until 0.3
def reviews(
    request: Annotated[str | None, typer.Option(help="Only of this request, CR-…")] = None,
) -> None:
    """Show who opened Review, where every detail of a request is to be seen, and when (UTC)."""
    with _record() as db:
        found = list(audit_events.reviews(db, request))
    for event in found:
        typer.echo(f"{event.at[:19]}  {event.actor}  {event.call_request_id}")
    if not found:
        typer.echo("Nobody has opened Review.")


def _record() -> AbstractContextManager[sqlite_utils.Database]:
    return read_only(load_settings(StoreSettings).callgate_database)


def _kept(head: str | None, count: int | None) -> Head | None:
    if (head is None) != (count is None):
        raise Misconfigured("A head says nothing without its count: give both --head and --count.")
    return None if head is None or count is None else Head(count, head.lower())


def _well(head: Head, kept: Head | None) -> list[str]:
    told = [
        "No event was changed, removed from between, added or moved.",
        "Every request, dial attempt, policy, freeze and number on the suppression list is what they say.",
    ]
    if kept is not None:
        told.append(f"The head that was kept is event {kept.count}.")
    return [*told, "", *_keep(head)]


def _problems(found: list[str]) -> list[str]:
    more = [f"And {len(found) - _MAX_TOLD} more."] if len(found) > _MAX_TOLD else []
    return [*found[:_MAX_TOLD], *more]


def _keep(head: Head) -> list[str]:
    return [
        f"count {head.count}",
        f"head  {head.sha256}",
        "",
        "Keep these two where nobody who can write the database can write. A chain alone shows neither that",
        "its newest events were cut off nor that all of it was rewritten; compared with them it does:",
        f"callgate audit verify --count {head.count} --head {head.sha256}",
    ]
