"""Puts a file of numbers on the suppression list, a batch at a time: the bot may be running."""

from __future__ import annotations

import io
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import rich.progress
import sqlite_utils
import typer
from rich.console import Console

from bot.domain.errors import Misconfigured
from bot.domain.number_list import BadLine, Layout, read_list
from bot.ops.clock import SystemClock
from bot.slack.show.order_answers import requests_cancelled
from storage.database.transaction import transaction
from storage.safeguards import suppressions

_BATCH = 5_000
_REST = 0.1
"""Seconds between two batches, in which the bot writes what people wait for."""

_ERRORS = Console(stderr=True)


def import_numbers(
    db: sqlite_utils.Database, file: Path, why: str, country: str | None, actor: str, *, skip_bad: bool
) -> bool:
    """Read all of it, then write; says whether it was written.

    Every bad line is named, and keeps the others out unless `skip_bad`. Whoever breaks it off and starts
    again loses nothing: a number that is on the list already stays as it is.
    """
    numbers, bad = _read(file, country)
    if bad and not skip_bad:
        typer.echo(f"Nothing was imported: {bad} lines are wrong. Mend them, or leave them out: --skip-bad")
        return False
    with closing(_batches(numbers, why)) as batches:  # its progress ends in this thread, broken off or not
        new = sum(_write(db, batch, actor) for batch in batches)
    with transaction(db):
        cancelled = suppressions.cancel_suppressed(db, actor, SystemClock().now())
    already, skipped = len(numbers) - new, f" {bad} wrong lines were left out." if bad else ""
    typer.echo(f"{new} numbers are new on the list, {already} were on it already.{skipped}")
    if cancelled:
        typer.echo(requests_cancelled(cancelled))
    return True


def _read(file: Path, country: str | None) -> tuple[dict[str, str], int]:
    """Each number once, with the reason that stands there first; and how many lines are wrong."""
    numbers: dict[str, str] = {}
    bad = 0
    for entry in read_list(_lines(file), country):
        if isinstance(entry, Layout):
            typer.echo(entry.sentence)
        elif isinstance(entry, BadLine):
            bad += 1
            _ERRORS.print(f"Line {entry.line}: {entry.reason}", markup=False, highlight=False)
        else:
            numbers.setdefault(entry.number, entry.why)
    return numbers, bad


def _lines(file: Path) -> Iterator[str]:
    # What is not UTF-8 is named as a bad line, or passes in a reason as it can be shown.
    try:
        with rich.progress.open(file, "rb", description="Reading", console=_ERRORS, transient=True) as opened:
            yield from io.TextIOWrapper(opened, encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise Misconfigured(f"{file} cannot be read: {error.strerror}.") from None


def _batches(numbers: dict[str, str], why: str) -> Generator[list[tuple[str, str]]]:
    """In the order of the numbers, in which the list is stored: that is many times as fast."""
    ordered = sorted(numbers)
    starts = range(0, len(ordered), _BATCH)
    for start in rich.progress.track(starts, "Writing", console=_ERRORS, transient=True):
        yield [(number, numbers[number] or why) for number in ordered[start : start + _BATCH]]


def _write(db: sqlite_utils.Database, batch: list[tuple[str, str]], actor: str) -> int:
    with transaction(db):
        new = suppressions.add_many(db, batch, actor, SystemClock().now())
    time.sleep(_REST)
    return new
