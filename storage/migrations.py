"""The schema, one migration after the other. An applied migration is never changed."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from storage import audit_rows

migrations = Migrations("callgate")


@migrations()
def m0001_call_requests(db: Database) -> None:
    """One row a call request, as it stands now."""
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


@migrations()
def m0002_dial_attempts(db: Database) -> None:
    """One row a POST to PolyAI."""
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


@migrations()
def m0003_audit_events(db: Database) -> None:
    """One row for everything that was done, by whom and when. Rows are only ever added."""
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
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER audit_events_no_{verb.lower()} BEFORE {verb} ON audit_events"
            " BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END"
        )


@migrations()
def m0004_outbox(db: Database) -> None:
    """One row for each thing Slack is to be told, in the order in which it happened."""
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


@migrations()
def m0005_audit_chain(db: Database) -> None:
    """Each audit event carries the hash of the one before and its own; see `storage/audit.py`."""
    for column in ("previous_sha256", "sha256"):
        db.execute(f"ALTER TABLE audit_events ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    db.execute("DROP TRIGGER audit_events_no_update")
    audit_rows.chain_all(db)
    db.execute(
        "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events"
        " BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END"
    )


@migrations()
def m0006_counts(db: Database) -> None:
    """How many calls stand where, and what dial attempts came to: kept by triggers, never counted anew."""
    db.execute(
        """
        CREATE TABLE counts (
            what TEXT NOT NULL CHECK (what IN ('calls', 'dial_attempts')),
            name TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (what, name)
        ) WITHOUT ROWID
        """
    )
    db.execute("INSERT INTO counts SELECT 'calls', status, count(*) FROM call_requests GROUP BY status")
    db.execute(
        "INSERT INTO counts SELECT 'dial_attempts', conclusion, count(*) FROM dial_attempts"
        " WHERE conclusion IS NOT NULL GROUP BY conclusion"
    )
    one_more = "INSERT INTO counts VALUES ('{}', NEW.{}, 1) ON CONFLICT DO UPDATE SET count = count + 1;"
    one_call_more = one_more.format("calls", "status")
    one_call_less = "UPDATE counts SET count = count - 1 WHERE what = 'calls' AND name = OLD.status;"
    one_attempt_more = one_more.format("dial_attempts", "conclusion")
    for name, event, effect in (
        ("call_requests_counted", "INSERT ON call_requests", one_call_more),
        ("call_requests_uncounted", "DELETE ON call_requests", one_call_less),
        ("call_requests_recounted", "UPDATE OF status ON call_requests", one_call_less + one_call_more),
        (
            "dial_attempts_counted",
            "UPDATE OF conclusion ON dial_attempts WHEN NEW.conclusion IS NOT OLD.conclusion",
            one_attempt_more,
        ),
    ):
        db.execute(f"CREATE TRIGGER {name} AFTER {event} BEGIN {effect} END")


@migrations()
def m0007_letters_to_channels(db: Database) -> None:
    """The outbox takes what a whole channel is told; what Slack refused for good is found by an index."""
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
