"""One row for everything that was done, by whom and when. Rows are only ever added."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute(
        """
        CREATE TABLE audit_events (
            id INTEGER PRIMARY KEY,
            call_request_id TEXT NOT NULL REFERENCES call_requests (id),
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            event TEXT NOT NULL,
            status_before TEXT,
            status_after TEXT NOT NULL,
            details TEXT NOT NULL CHECK (json_valid(details))
        )
        """
    )
    db.execute("CREATE INDEX audit_events_of_request ON audit_events (call_request_id)")
    forbid_changes(db)


def forbid_changes(db: Database) -> None:
    """From here on rows are only ever added."""
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER audit_events_no_{verb.lower()} BEFORE {verb} ON audit_events"
            " BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END"
        )
