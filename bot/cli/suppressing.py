"""`callgate suppress`: the numbers that are never called. Everything works while the bot runs."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text

from bot.cli.importing import import_numbers
from bot.cli.operator import operator
from bot.cli.output import Format, print_whole, target
from bot.cli.why import said
from bot.domain.countries import country as find_country
from bot.domain.errors import Refused
from bot.domain.phone_number import mask_e164, parse_with_country_code, to_e164
from bot.domain.spreadsheet import guarded
from bot.domain.suppression import agrees
from bot.ops.clock import SystemClock
from bot.ops.settings import StoreSettings, load_settings
from bot.slack.show.order_answers import stopped
from storage.database.opening import read_only, writable
from storage.database.transaction import transaction
from storage.safeguards import suppressions
from storage.safeguards.suppressions import Entry

suppress = typer.Typer(help="The numbers that are never called.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="With + and its country code.")]
Why = Annotated[str, typer.Option(help="Why; for whoever reads the list.")]


@suppress.command()
def add(number: Number, why: Why) -> None:
    """Put a number on the list, and cancel every request that waits to call it."""
    parsed, kept = parse_with_country_code(number), said(why)
    with writable(_path()) as db, transaction(db):
        done = suppressions.add(db, parsed.e164, kept, operator(), SystemClock().now())
    typer.echo(stopped(parsed.international, done))


@suppress.command()
def remove(number: Number, why: Why) -> None:
    """Ask for a number to be taken off the list; an approver has to agree in Slack."""
    e164, kept = to_e164(number), said(why)
    with writable(_path()) as db, transaction(db):
        asked = suppressions.ask_removal(db, e164, kept, operator(), SystemClock().now())
    typer.echo(f"It is on the list until an approver types, within 24 hours: {agrees(e164, asked.id)}")


@suppress.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, or one number a line.")],
    why: Annotated[str, typer.Option(help="Why, where the file does not say it.")] = "",
    country: Annotated[str, typer.Option(help="Of numbers without +: two letters, such as US.")] = "",
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Import the other lines all the same.")
    ] = False,
) -> None:
    """Put a whole file of numbers on the list; nothing of it, if a line is wrong."""
    if country and find_country(country) is None:
        raise Refused("There is no such country: give two capital letters, such as --country US.")
    kept = said(why or f"Imported from {file.name}")
    with writable(_path()) as db:
        well = import_numbers(db, file, kept, country or None, operator(), skip_bad=skip_bad)
    raise typer.Exit(0 if well else 1)


@suppress.command("list")
def list_(
    full: Annotated[bool, typer.Option("--full", help="Show the numbers in full.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show.")] = 50,
) -> None:
    """Show what was put on the list last."""
    with read_only(_path()) as db:
        newest, count = suppressions.newest(db, limit), suppressions.count(db)
    print_whole(_table(newest, full=full))
    typer.echo(f"{len(newest)} of {count}")


@suppress.command()
def export(
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.CSV,
    output: Annotated[Path | None, typer.Option(help="The file to write; else standard output.")] = None,
) -> None:
    """Write the whole list, numbers in full; `import` can read the CSV."""
    with read_only(_path()) as db, target(output) as file:
        rows = (vars(entry) for entry in suppressions.entries(db))
        if form is Format.CSV:
            writer = csv.DictWriter(file, list(Entry.__dataclass_fields__), lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: guarded(value) for name, value in row.items()} for row in rows)
        else:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _path() -> Path:
    return load_settings(StoreSettings).callgate_database


def _table(entries: list[Entry], *, full: bool) -> Table:
    table = Table(Column("number", no_wrap=True), "why", "by", "since (UTC)", "removal asked by")
    for entry in entries:
        number = entry.number if full else mask_e164(entry.number)
        since = entry.added_at[:16].replace("T", " ")
        cells = (number, entry.why, entry.added_by, since, entry.removal_asked_by or "")
        table.add_row(*(Text(cell) for cell in cells))
    return table
