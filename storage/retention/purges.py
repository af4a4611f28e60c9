"""The daily deletion, for the running bot: in small transactions between everything else."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import sqlite_utils

from bot.domain.move import CALLGATE
from bot.domain.policy.record_keeping import Keeping
from storage import installation
from storage.database.threads import Database
from storage.retention import retention
from storage.retention.forgetting import clear_traces
from storage.retention.retention import Purged
from storage.rows import to_column, to_time


class Purges:
    """What was deleted, and when that was done last."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path

    async def last(self) -> datetime | None:
        """When it was last done; None where it never was."""

        def look(db: sqlite_utils.Database) -> datetime | None:
            return to_time(installation.read(db, installation.PURGED_AT))

        return await self._database.read(look)

    async def some(self, keeping: Keeping, at: datetime) -> Purged:
        """Delete the first rows of what is due; false when nothing was."""
        return await self._database.write(lambda db: retention.purge_some(db, keeping, CALLGATE, at))

    async def finish(self, at: datetime) -> None:
        """Let nothing of it stay behind in the file, and remember that it was done."""
        await self._database.maintain(lambda db: clear_traces(db, self._path))
        done = str(to_column(at))
        await self._database.write(lambda db: installation.write(db, installation.PURGED_AT, done))
