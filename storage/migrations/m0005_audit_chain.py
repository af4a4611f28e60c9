"""Each audit event carries the hash of the one before and its own; see `bot/domain/audit_event.py`."""

from __future__ import annotations

from sqlite_utils import Database

from storage.record import audit_events


def apply(db: Database) -> None:
    """Apply it."""
    for column in ("previous_sha256", "sha256"):
        db.execute(f"ALTER TABLE audit_events ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    db.execute("DROP TRIGGER audit_events_no_update")
    audit_events.chain_all(db)
    db.execute(
        "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events"
        " BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END"
    )
