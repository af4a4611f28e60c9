"""What goes wrong around the bot: its disk, its file, its clock; old forms, and cards that are deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path

from sandbox.slack.model import Message
from tests.support.full_disk import full_log
from tests.support.process_world import ProcessWorld

_A_DAY = 86_400.0


@asynccontextmanager
async def around_the_bot(world: ProcessWorld, cards: list[Message], what: str) -> AsyncIterator[None]:
    """It is so inside, and over afterwards."""
    with ExitStack() as exits:
        match what:
            case "full disk":
                if world.bot is not None and world.bot.running:
                    exits.enter_context(full_log(world.database, world.bot.pid))
            case "locked file":
                exits.enter_context(_locked(world.database))
            case "clock ahead of Slack's":
                exits.enter_context(_told(world, -_A_DAY))
            case "clock behind Slack's":
                exits.enter_context(_told(world, _A_DAY))
            case "old forms":
                world.slack.workspace.state_quirk = "stale"
                exits.callback(setattr, world.slack.workspace, "state_quirk", "")
            case "a deleted card":
                # Of a call under way: what happens next is what shows that its card is gone.
                under_way = [card for card in cards if "Call approved" in card.plain]
                for card in under_way[-1:]:
                    world.slack.workspace.messages.delete(card)
        yield


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    """Another program keeps the file to itself, if it can have it at once."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=0.2)) as other:
        with suppress(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def _told(world: ProcessWorld, offset: float) -> Iterator[None]:
    """Slack tells another time, so ours is wrong for all that the bot can know."""
    world.slack.clock_offset = offset
    try:
        yield
    finally:
        world.slack.clock_offset = 0.0
