"""Each dialing policy that was ever in force, whole, so that an old decision can be understood."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute(
        """
        CREATE TABLE policies (
            id INTEGER PRIMARY KEY,
            sha256 TEXT NOT NULL,
            name TEXT NOT NULL,
            adopted_at TEXT NOT NULL,
            policy TEXT NOT NULL CHECK (json_valid(policy))
        )
        """
    )
