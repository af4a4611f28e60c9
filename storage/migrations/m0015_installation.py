"""What is known of the installation; details that were deleted when their time was up; PolyAI's own words."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute("CREATE TABLE installation (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    db.execute("ALTER TABLE dial_attempts ADD COLUMN answer TEXT")
    db.execute("ALTER TABLE call_requests ADD COLUMN forgotten_at TEXT")
    db.execute(
        "CREATE TRIGGER call_requests_forgotten_when_finished BEFORE UPDATE OF forgotten_at ON call_requests"
        " WHEN NEW.forgotten_at IS NOT NULL AND NEW.finished_at IS NULL"
        " BEGIN SELECT RAISE(ABORT, 'a request that is under way keeps its details'); END"
    )
    db.execute(
        "CREATE INDEX call_requests_to_forget ON call_requests (purpose, attempts > 0, finished_at)"
        " WHERE forgotten_at IS NULL AND finished_at IS NOT NULL"
    )
    db.execute("CREATE INDEX outbox_of_request ON outbox (call_request_id)")
    db.execute(
        "CREATE INDEX outbox_told ON outbox (coalesce(sent_at, dead_at))"
        " WHERE data <> '{}' AND coalesce(sent_at, dead_at) IS NOT NULL"
    )
