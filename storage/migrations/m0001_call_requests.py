"""One row a call request, as it stands now."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute(
        """
        CREATE TABLE call_requests (
            id TEXT PRIMARY KEY,
            form_id TEXT NOT NULL UNIQUE,
            status TEXT NOT NULL CHECK (status IN (
                'pending_approval', 'approved', 'dialing', 'placed', 'succeeded', 'failed', 'denied',
                'cancelled', 'expired', 'blocked', 'rejected', 'unconfirmed', 'closed', 'status_lost')),
            requester TEXT NOT NULL,
            channel TEXT NOT NULL,
            origin_channel TEXT NOT NULL,
            card_ts TEXT,
            card_sha256 TEXT,
            to_number TEXT NOT NULL CHECK (to_number GLOB '+[1-9]*'),
            number_as_typed TEXT NOT NULL,
            region TEXT NOT NULL,
            purpose TEXT NOT NULL,
            why TEXT NOT NULL,
            metadata TEXT NOT NULL CHECK (json_valid(metadata)),
            encryption TEXT NOT NULL,
            payload TEXT NOT NULL,
            payload_sha256 TEXT NOT NULL,
            created_at TEXT NOT NULL,
            approval_expires_at TEXT NOT NULL,
            approved_by TEXT CHECK (approved_by <> requester),
            approved_at TEXT,
            approved_sha256 TEXT,
            dial_expires_at TEXT,
            ended_by TEXT,
            end_reason TEXT,
            dial_after TEXT,
            lease_until TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            call_sid TEXT UNIQUE CHECK (call_sid GLOB 'OUT-*'),
            call_status TEXT,
            placed_at TEXT,
            finished_at TEXT,
            CHECK (approved_by IS NOT NULL OR status IN (
                'pending_approval', 'denied', 'cancelled', 'expired'))
        )
        """
    )
    db.execute(
        "CREATE INDEX call_requests_waiting ON call_requests (approval_expires_at)"
        " WHERE status = 'pending_approval'"
    )
    db.execute("CREATE INDEX call_requests_dialable ON call_requests (dial_after) WHERE status = 'approved'")
    db.execute("CREATE INDEX call_requests_dialing ON call_requests (lease_until) WHERE status = 'dialing'")
    db.execute("CREATE INDEX call_requests_followed ON call_requests (placed_at) WHERE status = 'placed'")
