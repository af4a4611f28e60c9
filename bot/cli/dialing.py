"""`callgate freeze` and `resume`: stop dialing by hand, and go on after a copy was put back."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.operator import operator
from bot.cli.why import said
from bot.domain.freeze import LIFTS_NEEDED, lifts, people_needed
from bot.ops.clock import SystemClock
from bot.ops.settings import StoreSettings, load_settings
from storage.database.lock import BotIsRunning, hold_lock
from storage.database.opening import for_bot, writable
from storage.database.transaction import transaction
from storage.safeguards import freezes

Why = Annotated[str, typer.Option(help="Why; it is kept on record.")]


def freeze(why: Why) -> None:
    """Stop all dialing, whether or not the bot runs; approvers resume it in Slack."""
    path = load_settings(StoreSettings).callgate_database
    _bring_up_to_date(path)
    with writable(path) as db, transaction(db):
        number = freezes.freeze(db, said(why), operator(), SystemClock().now(), "")
    typer.echo(
        f"Dialing is frozen. {people_needed(LIFTS_NEEDED).capitalize()} to type {lifts(number)} in Slack."
    )


def _bring_up_to_date(path: Path) -> None:
    """A database of an older release has to be frozen before the first start: after it calls are dialed."""
    with suppress(BotIsRunning), hold_lock(path), for_bot(path):
        pass


def resume(why: Why) -> None:
    """Dial again after a copy of the database was put back: you have looked which calls were placed since."""
    with writable(load_settings(StoreSettings).callgate_database) as db, transaction(db):
        freezes.resume(db, said(why), operator(), SystemClock().now())
        other = freezes.current(db)
    typer.echo("Dialing is not held any more." if other is None else f"It is still frozen: {lifts(other.id)}")
