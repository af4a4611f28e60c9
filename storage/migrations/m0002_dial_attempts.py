"""One row a POST to PolyAI."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute(
        """
        CREATE TABLE dial_attempts (
            id INTEGER PRIMARY KEY,
            call_request_id TEXT NOT NULL REFERENCES call_requests (id),
            started_at TEXT NOT NULL,
            payload_sha256 TEXT NOT NULL,
            answered_at TEXT,
            conclusion TEXT,
            http_status INTEGER,
            message TEXT,
            call_sid TEXT,
            correlation_id TEXT
        )
        """
    )
    # What must never be cannot be written: two attempts under way for one request, and a second
    # attempt after one that may have rung.
    db.execute(
        "CREATE UNIQUE INDEX dial_attempts_one_open ON dial_attempts (call_request_id)"
        " WHERE conclusion IS NULL OR conclusion IN ('placed', 'unknown')"
    )
    db.execute("CREATE INDEX dial_attempts_of_request ON dial_attempts (call_request_id)")
