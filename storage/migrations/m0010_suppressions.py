"""Numbers that are never called, and who asked to take one off the list: it needs a second person."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    # A number that was forgotten is kept as its hash, so that it still is not called.
    db.execute(
        """
        CREATE TABLE suppressions (
            number TEXT PRIMARY KEY CHECK (number GLOB '+[1-9]*' OR number GLOB 'sha256:*'),
            why TEXT NOT NULL,
            added_by TEXT NOT NULL,
            added_at TEXT NOT NULL,
            call_request_id TEXT REFERENCES call_requests (id)
        ) WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE suppression_removals (
            number TEXT PRIMARY KEY REFERENCES suppressions (number) ON DELETE CASCADE,
            why TEXT NOT NULL,
            asked_by TEXT NOT NULL,
            asked_at TEXT NOT NULL
        ) WITHOUT ROWID
        """
    )
