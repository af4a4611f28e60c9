"""What is known of this installation, for the running bot."""

from __future__ import annotations

from storage import installation_rows
from storage.database.database import Database


class Installation:
    """Stores it; `storage/installation_rows.py` has the names and reads it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remember(self, name: str, value: str) -> None:
        """Store it, in place of what was there."""
        await self._database.write(lambda db: installation_rows.write(db, name, value))
