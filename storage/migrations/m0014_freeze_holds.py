"""A freeze remembers where it was told, and no dial attempt can begin while one is in force."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute("ALTER TABLE freezes ADD COLUMN channel TEXT NOT NULL DEFAULT ''")
    db.execute(
        "CREATE TRIGGER dial_attempts_not_frozen BEFORE INSERT ON dial_attempts"
        " WHEN EXISTS (SELECT 1 FROM freezes WHERE lifted_at IS NULL)"
        " BEGIN SELECT RAISE(ABORT, 'dialing is frozen'); END"
    )
