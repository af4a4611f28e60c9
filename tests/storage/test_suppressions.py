"""The suppression list in the database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import pytest
import sqlite_utils

from bot.domain.states import Status
from storage.calls import moves
from storage.migrations import migrations
from storage.record.number_hashes import NumberHashes, digest, forgotten
from storage.safeguards import freezes, suppressions
from tests.support.clock import START
from tests.support.requests import a_request

NUMBER, OTHER = "+16176451984", "+16176451985"


@pytest.fixture
def db() -> Iterator[sqlite_utils.Database]:
    found = sqlite_utils.Database(sqlite3.connect(":memory:", isolation_level=None))
    found.execute("PRAGMA foreign_keys = ON")
    migrations.apply(found)
    yield found
    found.close()


def add(db: sqlite_utils.Database, number: str = NUMBER) -> suppressions.Suppressed:
    return suppressions.add(db, number, "why", "U0BOB", START)


def test_a_number_is_on_the_list_or_not(db: sqlite_utils.Database) -> None:
    """Exactly that number, and not its neighbour."""
    add(db)
    assert suppressions.is_suppressed(db, NUMBER)
    assert not suppressions.is_suppressed(db, OTHER) and not suppressions.is_suppressed(db, "")


def test_a_forgotten_number_is_still_on_the_list(db: sqlite_utils.Database) -> None:
    """As its hash: it is not called, not added again, and can be taken off by who knows it."""
    suppressions.add_many(db, [(forgotten(NUMBER), "forgotten")], "cli:root", START)
    assert suppressions.is_suppressed(db, NUMBER)
    assert not add(db).new and suppressions.count(db) == 1
    assert suppressions.ask_removal(db, NUMBER, "why", "U0BOB", START).id == 1
    assert suppressions.remove(db, NUMBER, 1, "U0CAROL", START).asked_by == "U0BOB"
    assert not suppressions.is_suppressed(db, NUMBER) and suppressions.count(db) == 0


def test_only_what_waits_for_that_number_is_cancelled(db: sqlite_utils.Database) -> None:
    """Calls under way are counted, other numbers and finished calls stay as they are."""
    for status in Status:
        for number in (NUMBER, OTHER):
            moves.insert(db, a_request(status=status, to_number=number, approved_by="U0BOB"))
    assert add(db) == suppressions.Suppressed(new=True, cancelled=2, under_way=3)
    cancelled = db.execute("SELECT count(*) FROM call_requests WHERE end_reason IS NOT NULL").fetchone()
    assert cancelled == (2,)
    assert add(db) == suppressions.Suppressed(new=False, cancelled=0, under_way=3)


def test_after_an_import_what_waits_for_any_of_its_numbers_is_cancelled(db: sqlite_utils.Database) -> None:
    """Pending or approved, listed in full or as a hash."""
    moves.insert(db, a_request(to_number=NUMBER))
    moves.insert(db, a_request(to_number=OTHER, status=Status.APPROVED, approved_by="U0BOB"))
    moves.insert(db, a_request(to_number="+16176451986"))
    numbers = [(NUMBER, "why"), (forgotten(OTHER), "why")]
    assert suppressions.add_many(db, numbers, "cli:root", START) == 2
    assert suppressions.add_many(db, numbers, "cli:root", START) == 0
    assert suppressions.cancel_suppressed(db, "cli:root", START) == 2
    assert suppressions.cancel_suppressed(db, "cli:root", START) == 0
    (event,) = db.execute("SELECT details FROM audit_events WHERE event = 'suppressed'").fetchall()
    hashes = NumberHashes(db)
    listed = digest([hashes.of(OTHER), hashes.of(NUMBER)])
    assert json.loads(event[0]) == {"numbers": 2, "list_sha256": listed}


def test_looking_a_number_up_costs_the_same_however_long_the_list_is(db: sqlite_utils.Database) -> None:
    """By its key, and what waits by its own indexes."""
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    suppressions.is_suppressed(db, NUMBER)
    freezes.is_frozen(db)
    suppressions.add(db, NUMBER, "why", "U0BOB", START)
    suppressions.cancel_suppressed(db, "U0BOB", START)
    db.conn.set_trace_callback(None)
    reads = [sql for sql in asked if sql.startswith("SELECT")]
    plans = [row["detail"] for sql in reads for row in db.query(f"EXPLAIN QUERY PLAN {sql}")]
    assert len(reads) >= 6
    scans = [plan for plan in plans if plan.startswith("SCAN") and "USING" not in plan]
    assert scans == ["SCAN audit_events"], "only the last event is read of the record"


@pytest.mark.parametrize("number", ["16176451984", "", "+0617", "sha1:00"])
def test_the_schema_takes_no_other_number(db: sqlite_utils.Database, number: str) -> None:
    """E.164 or a hash."""
    with pytest.raises(sqlite3.IntegrityError):
        add(db, number)


def test_the_schema_lets_nobody_lift_their_own_freeze_or_dial_in_one(db: sqlite_utils.Database) -> None:
    """Whatever the code above it says."""
    moves.insert(db, request := a_request(status=Status.APPROVED, approved_by="U0BOB"))
    attempt = "INSERT INTO dial_attempts (call_request_id, started_at, payload_sha256) VALUES (?, '', '')"
    freezes.freeze(db, "why", "U0BOB", START, "C0CALLS")
    with pytest.raises(sqlite3.IntegrityError, match="dialing is frozen"):
        db.execute(attempt, [request.id])
    with pytest.raises(sqlite3.IntegrityError, match="who froze"):
        db.execute("INSERT INTO freeze_lifts VALUES (1, 'U0BOB', '')")
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO freezes (frozen_by, why, frozen_at) VALUES ('U0CAROL', '', '')")
    for user in ("U0ALICE", "U0CAROL"):
        freezes.lift(db, 1, user, START, "C0CALLS")
    db.execute(attempt, [request.id])
