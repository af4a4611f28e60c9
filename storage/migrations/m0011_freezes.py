"""Who stopped all dialing and why, and who wants it to go on: it needs two other people."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute(
        """
        CREATE TABLE freezes (
            id INTEGER PRIMARY KEY,
            frozen_by TEXT NOT NULL,
            why TEXT NOT NULL,
            frozen_at TEXT NOT NULL,
            lifted_at TEXT
        )
        """
    )
    db.execute("CREATE UNIQUE INDEX freezes_one_open ON freezes (lifted_at IS NULL) WHERE lifted_at IS NULL")
    db.execute(
        """
        CREATE TABLE freeze_lifts (
            freeze_id INTEGER NOT NULL REFERENCES freezes (id),
            lifted_by TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (freeze_id, lifted_by)
        ) WITHOUT ROWID
        """
    )
    db.execute(
        "CREATE TRIGGER freeze_lifts_by_others BEFORE INSERT ON freeze_lifts"
        " WHEN NEW.lifted_by = (SELECT frozen_by FROM freezes WHERE id = NEW.freeze_id)"
        " BEGIN SELECT RAISE(ABORT, 'who froze cannot lift it'); END"
    )
