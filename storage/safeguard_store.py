"""The store of the suppression list and the freeze, for the bot: each change is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import sqlite_utils

from bot.domain.freeze import Freeze
from bot.domain.move import Line
from bot.domain.phone_number import mask_e164
from bot.domain.states import Status
from bot.domain.suppression import Removal, Suppressed
from storage import freezes, moves, outbox_rows, suppressions
from storage.database import Database

T = TypeVar("T")


class SqliteSafeguardStore:
    """In SQLite. `changed` is called, in the event loop, after every durable change.

    It is given `approved` where approved calls may go on, and None otherwise.
    """

    def __init__(self, database: Database, changed: Callable[[Status | None], None]) -> None:
        self._database = database
        self._changed = changed

    async def suppress(self, number: str, why: str, by: str, at: datetime) -> Suppressed:
        """Put the number on the list, and cancel what waits to call it."""
        return await self._write(lambda db: suppressions.add(db, number, why, by, at))

    async def suppress_called(self, request_id: str, by: str, at: datetime) -> Suppressed:
        """The same for the number of a finished call, which is told. Raises Refused for any other."""
        return await self._write(lambda db: suppressions.add_called(db, moves.find(db, request_id), by, at))

    async def unsuppress(self, number: str, why: str, by: str, at: datetime, tell: str) -> bool:
        """Ask for the number to be taken off, or take it off where somebody else asked; says if it is off."""

        def work(db: sqlite_utils.Database) -> bool:
            asked = suppressions.remove(db, number, why, by, at)
            outbox_rows.add_to_channel(db, tell, at, _told(asked, mask_e164(number), why, by))
            return asked is not None

        return await self._write(work)

    async def freeze(self, why: str, by: str, at: datetime, tell: str) -> None:
        """Stop all dialing. Raises Refused where it is stopped already."""
        await self._write(lambda db: freezes.freeze(db, why, by, at, tell))

    async def lift(self, by: str, at: datetime, tell: str) -> Freeze:
        """One more person wants dialing to go on. Raises Refused where that does not count."""
        freeze = await self._write(lambda db: freezes.lift(db, by, at, tell))
        if freeze.is_over:
            self._changed(Status.APPROVED)
        return freeze

    async def is_frozen(self) -> bool:
        """Whether dialing is stopped."""
        return await self._database.read(freezes.is_frozen)

    async def _write(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        result = await self._database.write(work)
        self._changed(None)
        return result


def _told(asked: Removal | None, masked: str, why: str, by: str) -> Line:
    if asked is None:
        return Line("removal_asked", {"number": masked, "by": by, "why": why})
    return Line("unsuppressed", {"number": masked, "by": by, "asked_by": asked.asked_by, "why": asked.why})
