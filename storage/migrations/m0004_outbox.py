"""One row for each thing Slack is to be told, in the order in which it happened."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute(
        """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY,
            call_request_id TEXT NOT NULL REFERENCES call_requests (id),
            kind TEXT NOT NULL CHECK (kind IN ('card', 'card_copy', 'thread', 'direct')),
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
    db.execute("CREATE INDEX outbox_pending ON outbox (id) WHERE sent_at IS NULL AND dead_at IS NULL")
    db.execute(
        "CREATE INDEX outbox_pending_of_request ON outbox (call_request_id, id)"
        " WHERE sent_at IS NULL AND dead_at IS NULL"
    )
