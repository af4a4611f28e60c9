"""The outbox takes what a whole channel is told; what Slack refused for good is found by an index."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute("ALTER TABLE outbox RENAME TO outbox_before")
    db.execute(
        """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY,
            call_request_id TEXT NOT NULL REFERENCES call_requests (id),
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
    db.execute("INSERT INTO outbox SELECT * FROM outbox_before")
    db.execute("DROP TABLE outbox_before")
    db.execute("CREATE INDEX outbox_pending ON outbox (id) WHERE sent_at IS NULL AND dead_at IS NULL")
    db.execute(
        "CREATE INDEX outbox_pending_of_request ON outbox (call_request_id, id)"
        " WHERE sent_at IS NULL AND dead_at IS NULL"
    )
    db.execute("CREATE INDEX outbox_dead ON outbox (id) WHERE dead_at IS NOT NULL")
    db.execute("CREATE INDEX outbox_to_channels ON outbox (id) WHERE kind = 'channel'")
