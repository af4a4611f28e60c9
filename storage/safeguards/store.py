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
from storage.calls import moves
from storage.database.threads import Database
from storage.outbox import outbox_rows
from storage.safeguards import freezes, suppressions

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

    async def ask_removal(self, number: str, why: str, by: str, at: datetime, tell: str) -> Removal:
        """The first wants the number off the list. Raises Refused where it is not on it, or was asked for."""

        def work(db: sqlite_utils.Database) -> Removal:
            asked = suppressions.ask_removal(db, number, why, by, at)
            said = {"number": mask_e164(number), "by": by, "why": why, "removal": asked.id}
            outbox_rows.add_to_channel(db, tell, at, Line("removal_asked", said))
            return asked

        return await self._write(work)

    async def agree_to_removal(self, number: str, removal: int, by: str, at: datetime, tell: str) -> None:
        """The second agrees, and it is off. Raises Refused where that removal does not wait for them."""

        def work(db: sqlite_utils.Database) -> None:
            asked = suppressions.remove(db, number, removal, by, at)
            said = {"number": mask_e164(number), "by": by, "asked_by": asked.asked_by, "why": asked.why}
            outbox_rows.add_to_channel(db, tell, at, Line("unsuppressed", said))

        await self._write(work)

    async def freeze(self, why: str, by: str, at: datetime, tell: str, needed: int) -> int:
        """Stop all dialing; returns the freeze's number. Raises Refused where it is stopped already."""
        return await self._write(lambda db: freezes.freeze(db, why, by, at, tell, needed))

    async def current_freeze(self) -> Freeze | None:
        """The freeze in force."""
        return await self._database.read(freezes.current)

    async def lift(self, which: int | None, by: str, at: datetime, tell: str, others: int) -> Freeze:
        """One more person wants dialing to go on. Raises Refused where that does not count."""
        freeze = await self._write(lambda db: freezes.lift(db, which, by, at, tell, others))
        if freeze.is_over:
            self._changed(Status.APPROVED)
        return freeze

    async def _write(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        result = await self._database.write(work)
        self._changed(None)
        return result
