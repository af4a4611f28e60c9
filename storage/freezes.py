"""Whether all dialing is stopped by a person."""

from __future__ import annotations

from sqlite_utils import Database

NOT_FROZEN = "NOT EXISTS (SELECT 1 FROM freezes WHERE lifted_at IS NULL)"


def is_frozen(db: Database) -> bool:
    """Whether somebody stopped all placements, and it was not lifted."""
    return db.execute("SELECT 1 FROM freezes WHERE lifted_at IS NULL").fetchone() is not None
