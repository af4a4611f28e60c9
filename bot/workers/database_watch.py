"""Looks every second whether the database is still there and can be written."""

from __future__ import annotations

from bot.service.ports import Clock
from bot.workers.worker import Worker
from storage.database.threads import Database

_EVERY = 1.0


class DatabaseWatch:
    """The database itself refuses every write to a file that is not its own any more; this has it said."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.worker = Worker("database watch", self.step, clock)
        self._database = database

    async def step(self) -> float:
        """Look, and have the log say what is wrong."""
        await self._database.trouble()
        return _EVERY
