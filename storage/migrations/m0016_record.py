"""What the record did not cover: tables that could be changed around it, and what older events do not say.

A `baseline` event holds what stood at the upgrade: the policies, the suppression list, and which requests had
lost their details already. A new database has nothing of it, and no such event.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlite_utils import Database

from bot.domain.call_request import sha256_of
from bot.domain.events import Event
from bot.domain.fingerprint import canonical_json
from bot.domain.moment import iso
from bot.domain.move import CALLGATE
from storage.record import audit_events
from storage.record.number_hashes import NumberHashes, digest, make_key


def apply(db: Database) -> None:
    """Apply it."""
    db.execute("ALTER TABLE call_requests ADD COLUMN approvals_raised_to INTEGER")
    db.execute(
        "ALTER TABLE call_requests ADD COLUMN refused_before TEXT"
        " CHECK (refused_before IS NULL OR json_valid(refused_before))"
    )
    db.execute("ALTER TABLE suppressions ADD COLUMN audit_event_id INTEGER REFERENCES audit_events (id)")
    _let_numbers_change_form(db)
    make_key(db)
    _record_what_stood(db)
    db.execute(
        "CREATE INDEX audit_events_refused ON audit_events (json_extract(details, '$.number'), at)"
        " WHERE event = 'refused'"
    )
    # Their buttons carry the hash of the submission from now on.
    now = iso(datetime.now(UTC))
    db.execute(
        "INSERT INTO outbox (call_request_id, kind, created_at, due_at)"
        " SELECT id, 'card', ?, ? FROM call_requests WHERE status = 'pending_approval'",
        [now, now],
    )
    _forbid_what_goes_around_the_record(db)


def _let_numbers_change_form(db: Database) -> None:
    """A number that is forgotten becomes its hash in place, and who asked for its removal follows."""
    db.execute(
        """
        CREATE TABLE suppression_removals_after (
            number TEXT PRIMARY KEY REFERENCES suppressions (number) ON DELETE CASCADE ON UPDATE CASCADE,
            why TEXT NOT NULL,
            asked_by TEXT NOT NULL,
            asked_at TEXT NOT NULL
        ) WITHOUT ROWID
        """
    )
    db.execute("INSERT INTO suppression_removals_after SELECT * FROM suppression_removals")
    db.execute("DROP TABLE suppression_removals")
    db.execute("ALTER TABLE suppression_removals_after RENAME TO suppression_removals")


def _record_what_stood(db: Database) -> None:
    policies = [text for (text,) in db.execute("SELECT policy FROM policies ORDER BY id")]
    numbers = [number for (number,) in db.execute("SELECT number FROM suppressions")]
    gone = [row[0] for row in db.execute("SELECT id FROM call_requests WHERE forgotten_at IS NOT NULL")]
    if not policies and not numbers and not gone:
        return
    hashes = NumberHashes(db)
    details = {
        "policies": [sha256_of(canonical_json(json.loads(text)).encode()) for text in policies],
        "numbers": len(numbers),
        "list_sha256": digest(map(hashes.of, numbers)),
        "details_deleted": len(gone),
        "details_deleted_sha256": digest(gone),
    }
    event = audit_events.append(
        db,
        {
            "call_request_id": None,
            "at": iso(datetime.now(UTC)),
            "actor": CALLGATE,
            "event": Event.BASELINE.value,
            "status_before": None,
            "status_after": None,
            "details": json.dumps(details),
        },
    )
    db.execute("UPDATE suppressions SET audit_event_id = ?", [event])


def _forbid_what_goes_around_the_record(db: Database) -> None:
    for table in ("call_requests", "dial_attempts", "policies", "freezes", "freeze_lifts"):
        _forbid(db, table, "DELETE", "1", "rows of the record are never deleted")
    for table in ("policies", "freeze_lifts"):
        _forbid(db, table, "UPDATE", "1", "rows of the record are never changed")
    began = "NEW.call_request_id, NEW.started_at, NEW.payload_sha256"
    answered = "answered_at, {0}.conclusion, {0}.http_status, {0}.call_sid, {0}.correlation_id"
    _forbid(
        db,
        "dial_attempts",
        "UPDATE",
        f"({began}) IS NOT ({began.replace('NEW', 'OLD')})"
        # The only answer that is ever replaced is that nobody knows: by one that came late and says more.
        " OR (OLD.conclusion IS NOT NULL"
        " AND NOT (OLD.conclusion = 'unknown' AND NEW.conclusion IN ('placed', 'unknown'))"
        f" AND (NEW.{answered.format('NEW')}) IS NOT (OLD.{answered.format('OLD')}))",
        "an answered attempt is never changed",
    )
    _forbid(
        db,
        "freezes",
        "UPDATE",
        "(NEW.frozen_by, NEW.why, NEW.frozen_at, NEW.channel)"
        " IS NOT (OLD.frozen_by, OLD.why, OLD.frozen_at, OLD.channel)"
        " OR OLD.lifted_at IS NOT NULL"
        " OR NOT EXISTS (SELECT 1 FROM freeze_lifts WHERE freeze_id = OLD.id)",
        "a freeze is ended by other people only",
    )
    _forbid(
        db,
        "suppressions",
        "DELETE",
        "NOT EXISTS (SELECT 1 FROM suppression_removals WHERE number = OLD.number)",
        "nobody alone takes a number off the list",
    )
    _forbid(
        db,
        "suppressions",
        "UPDATE",
        "NEW.number NOT GLOB 'sha256:*'"
        " OR (NEW.added_by, NEW.added_at, NEW.call_request_id, NEW.audit_event_id)"
        " IS NOT (OLD.added_by, OLD.added_at, OLD.call_request_id, OLD.audit_event_id)",
        "a number on the list only ever becomes its hash",
    )


def _forbid(db: Database, table: str, verb: str, when: str, why: str) -> None:
    db.execute(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} WHEN {when}"
        f" BEGIN SELECT RAISE(ABORT, '{why}'); END"
    )
