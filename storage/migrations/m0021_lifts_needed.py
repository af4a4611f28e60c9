"""How many people it takes to end a freeze, as far as there were so many others when it began."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute("ALTER TABLE freezes ADD COLUMN lifts_needed INTEGER NOT NULL DEFAULT 2")
