"""The record and the outbox take what belongs to no single call request: a freeze, a suppressed number."""

from __future__ import annotations

from sqlite_utils import Database

from storage.migrations import m0003_audit_events


def apply(db: Database) -> None:
    """Apply it."""
    _audit_events(db)
    _outbox(db)


def _audit_events(db: Database) -> None:
    db.execute(
        """
        CREATE TABLE audit_events_after (
            id INTEGER PRIMARY KEY,
            call_request_id TEXT REFERENCES call_requests (id),
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            event TEXT NOT NULL,
            status_before TEXT,
            status_after TEXT,
            details TEXT NOT NULL CHECK (json_valid(details)),
            previous_sha256 TEXT NOT NULL,
            sha256 TEXT NOT NULL
        )
        """
    )
    db.execute("INSERT INTO audit_events_after SELECT * FROM audit_events")
    db.execute("DROP TABLE audit_events")
    db.execute("ALTER TABLE audit_events_after RENAME TO audit_events")
    db.execute("CREATE INDEX audit_events_of_request ON audit_events (call_request_id)")
    m0003_audit_events.forbid_changes(db)


def _outbox(db: Database) -> None:
    db.execute(
        """
        CREATE TABLE outbox_after (
            id INTEGER PRIMARY KEY,
            call_request_id TEXT REFERENCES call_requests (id),
            channel TEXT CHECK (channel IS NOT NULL OR call_request_id IS NOT NULL),
            kind TEXT NOT NULL CHECK (kind IN ('card', 'card_copy', 'thread', 'direct', 'channel')),
            name TEXT NOT NULL DEFAULT '',
            data TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data)),
            created_at TEXT NOT NULL,
            due_at TEXT NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            sent_at TEXT,
            message_ts TEXT,
            dead_at TEXT,
            error TEXT
        )
        """
    )
    names = "id, call_request_id, kind, name, data, created_at, due_at, tries, sent_at, message_ts, dead_at"
    db.execute(f"INSERT INTO outbox_after ({names}, error) SELECT {names}, error FROM outbox")
    db.execute("DROP TABLE outbox")
    db.execute("ALTER TABLE outbox_after RENAME TO outbox")
    db.execute("CREATE INDEX outbox_pending ON outbox (id) WHERE sent_at IS NULL AND dead_at IS NULL")
    db.execute(
        "CREATE INDEX outbox_pending_of_request ON outbox (call_request_id, id)"
        " WHERE sent_at IS NULL AND dead_at IS NULL"
    )
    db.execute("CREATE INDEX outbox_dead ON outbox (id) WHERE dead_at IS NOT NULL")
    db.execute("CREATE INDEX outbox_to_channels ON outbox (id) WHERE kind = 'channel'")
