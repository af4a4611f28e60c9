"""`callgate purge` and `callgate forget`: what has been kept long enough, and one person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import sqlite_utils
import typer

from bot.cli.operator import operator
from bot.domain.phone_number import mask_e164, to_e164
from bot.domain.policy.record_keeping import SOURCES, Keeping
from bot.ops.clock import SystemClock
from bot.ops.policy_file import keeping, load_policy
from bot.ops.settings import KeepSettings, load_settings
from storage.database.opening import read_only, writable
from storage.database.transaction import transaction
from storage.retention.forget_number import Forgotten, forget_number
from storage.retention.forgetting import clear_traces
from storage.retention.purge import Purged, due, purge_some

_MAY_BE_LEFT = (
    "The file is large, or busy, so it was not rewritten while the bot works on it: unused parts of it may"
    " hold copies. Stop the bot once and run `callgate purge`."
)


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
) -> None:
    """Delete the details that were kept long enough; the bot does it by itself once a day."""
    path, kept = _settings()
    if dry_run:
        typer.echo(_purged(_due(path, kept), "would lose"))
        return
    with writable(path) as db:
        typer.echo(_purged(_purge(db, kept), "lost"))
        _clear_traces(db, path)


def forget(
    number: Annotated[str, typer.Argument(help="The number, with + and its country code.")],
) -> None:
    """Delete at once what is stored about a number, but for what records have to be kept of."""
    path, kept = _settings()
    e164 = to_e164(number)
    with writable(path) as db:
        with transaction(db):
            outcome = forget_number(db, e164, kept, operator(), SystemClock().now())
        typer.echo("\n".join(_forgotten(outcome)))
        _clear_traces(db, path)


def _settings() -> tuple[Path, Keeping]:
    settings = load_settings(KeepSettings)
    return settings.callgate_database, keeping(settings, load_policy(settings))


def _due(path: Path, kept: Keeping) -> Purged:
    with read_only(path) as db:
        return due(db, kept, SystemClock().now())


def _purge(db: sqlite_utils.Database, kept: Keeping) -> Purged:
    purged, at, who = Purged(), SystemClock().now(), operator()
    while True:
        with transaction(db):
            some = purge_some(db, kept, who, at)
        if not some:
            return purged
        purged += some


def _clear_traces(db: sqlite_utils.Database, path: Path) -> None:
    if not clear_traces(db, path):
        typer.echo(_MAY_BE_LEFT)


def _purged(purged: Purged, verb: str) -> str:
    return (
        f"Requests that {verb} their details: {purged.requests}."
        f" Messages that {verb} their text: {purged.messages}."
    )


def _forgotten(outcome: Forgotten) -> Iterator[str]:
    yield f"Requests to this number that lost their details: {outcome.deleted}."
    for request, until in outcome.kept:
        source = SOURCES.get(request.purpose)
        yield (
            f"{request.id} to {mask_e164(request.to_number)} is kept until {until:%Y-%m-%d}: records of calls"
            f" for the purpose {request.purpose.label.lower()} are kept that long"
            + (f" ({source})." if source else ".")
        )
    if outcome.suppressed:
        yield "The number stays on the suppression list, as its hash."
