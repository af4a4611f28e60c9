"""The tables that the record covers, held against it: whatever was changed around it is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlite_utils

from bot.domain import approval, placement
from bot.domain.answer import Answer, Conclusion
from bot.domain.policy.dialing_policy import read_policy, shipped_policy
from storage.calls import moves
from storage.migrations import migrations
from storage.record import policies
from storage.record.audit_events import events
from storage.record.chain_check import check
from storage.record.row_check import check_rows
from storage.retention.forgetting import forget_request
from storage.rows import to_row
from storage.safeguards import freezes, suppressions
from tests.support.clock import START
from tests.support.finished import NUMBER, ended
from tests.support.old_database import old_database, put
from tests.support.requests import a_request, claim, yes

OTHER, THIRD = "+16176451985", "+16176451986"
RETRY = placement.Retry(lambda _: 1.0, failed_to_place=True)


@pytest.fixture
def db() -> Iterator[sqlite_utils.Database]:
    """A call that was placed, two policies, three numbers on the list and one taken off, an ended freeze."""
    found = sqlite_utils.Database(sqlite3.connect(":memory:", isolation_level=None))
    found.execute("PRAGMA foreign_keys = ON")
    migrations.apply(found)
    policies.adopt(found, shipped_policy(), START)
    policies.adopt(found, read_policy('version = "ours"'), START)
    placed(found)
    suppressions.add(found, NUMBER, "why", "U0BOB", START)
    suppressions.add_many(found, [(OTHER, "why"), (THIRD, "why"), ("+16176451987", "why")], "cli:root", START)
    take_off(found, THIRD)
    freezes.freeze(found, "why", "U0BOB", START, "C1")
    for person in ("U0EVE", "U0ZOE"):
        freezes.lift(found, 1, person, START, "C1")
    assert list(check_rows(found)) == []
    yield found
    assert check(events(found)).faults == ()
    found.close()


def take_off(db: sqlite_utils.Database, number: str) -> None:
    asked = suppressions.ask_removal(db, number, "why", "U0BOB", START)
    suppressions.remove(db, number, asked.id, "U0EVE", START)


def placed(db: sqlite_utils.Database) -> None:
    request = a_request()
    moves.insert(db, request)
    answer = Answer(Conclusion.PLACED, "for Paula", "OUT-1", 200, "c-1", body='{"call_sid": "OUT-1"}')
    for decide in (yes, claim, lambda r: placement.conclude(r, answer, START, RETRY)):
        stands = moves.find(db, request.id)
        move = decide(stands)
        assert move is not None
        moves.apply(db, stands, move)


def without_triggers(db: sqlite_utils.Database) -> None:
    """As somebody with an editor would begin."""
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE call_requests SET why = 'x'", "It is not as it was submitted"),
        ("UPDATE call_requests SET status = 'succeeded'", "The record says that it is placed"),
        ("UPDATE call_requests SET call_sid = 'OUT-2'", "Its state is not as its last event left it"),
        ("UPDATE dial_attempts SET http_status = 201", "Dial attempt 1 is not as it was recorded"),
        ("UPDATE dial_attempts SET answer = '{}'", "Dial attempt 1 is not as it was recorded"),
        ("UPDATE dial_attempts SET message = NULL", "Dial attempt 1 is not as it was recorded"),
        ("UPDATE dial_attempts SET started_at = '2020'", "Dial attempt 1 is not as it was recorded"),
        ("DELETE FROM dial_attempts", "Dial attempt 1 is not both in the record and in the database"),
        (
            "INSERT INTO dial_attempts (call_request_id, started_at, payload_sha256, conclusion)"
            " SELECT call_request_id, started_at, payload_sha256, 'never_sent' FROM dial_attempts",
            "Dial attempt 2 is not both in the record and in the database",
        ),
        ("DELETE FROM call_requests", "and the database does not"),
        ("DELETE FROM policies WHERE id = 1", "not the ones that the record names"),
        (
            "INSERT INTO policies SELECT 9, sha256, name, adopted_at, policy FROM policies LIMIT 1",
            "not the ones",
        ),
        ("UPDATE policies SET name = 'rules x' WHERE id = 1", "not the ones that the record names"),
        ("UPDATE policies SET policy = '{}' WHERE id = 1", "does not say what it said"),
        (f"DELETE FROM suppressions WHERE number = '{NUMBER}'", "is not what is there"),
        (f"DELETE FROM suppressions WHERE number = '{OTHER}'", "is not what is there"),
        (f"UPDATE suppressions SET number = '+1617' WHERE number = '{NUMBER}'", "is not what is there"),
        (f"UPDATE suppressions SET number = '+1617' WHERE number = '{OTHER}'", "is not what is there"),
        (
            "INSERT INTO suppressions (number, why, added_by, added_at) VALUES ('+1618', '', 'U1', '2026')",
            "1 of its numbers were put on it by no event",
        ),
        (
            f"INSERT INTO suppressions SELECT '{THIRD}', why, added_by, added_at, NULL, audit_event_id"
            f" FROM suppressions WHERE number = '{OTHER}'",
            "is not what is there",
        ),
        ("UPDATE suppressions SET added_by = 'U0EVE'", "who put event"),
        ("UPDATE suppressions SET added_at = '2020'", "or when, is not as recorded"),
        ("UPDATE suppressions SET call_request_id = (SELECT id FROM call_requests)", "not as recorded"),
        ("UPDATE freezes SET frozen_by = 'U0EVE'", "not the ones that the record names"),
        ("UPDATE freezes SET frozen_at = '2020'", "not the ones that the record names"),
        ("UPDATE freezes SET lifts_needed = 0", "not the ones that the record names"),
        ("UPDATE freezes SET lifted_at = '2020'", "have not ended as it says"),
        ("UPDATE freeze_lifts SET at = '2020' WHERE lifted_by = 'U0ZOE'", "other people"),
        ("UPDATE freezes SET lifted_at = NULL", "have not ended as it says"),
        ("DELETE FROM freeze_lifts WHERE lifted_by = 'U0ZOE'", "other people who wanted dialing"),
        ("UPDATE freeze_lifts SET lifted_by = 'U0MALLORY' WHERE lifted_by = 'U0ZOE'", "other people"),
        (
            "INSERT INTO freezes (frozen_by, why, frozen_at, channel) VALUES ('U0BOB', 'x', '2026', 'C1')",
            "Freezes: these are not the ones",
        ),
    ],
)
def test_what_was_changed_around_the_record_is_found(db: sqlite_utils.Database, sql: str, said: str) -> None:
    """Rows changed, added and deleted, in each of the tables."""
    without_triggers(db)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute(sql)
    assert any(said in found for found in check_rows(db)), list(check_rows(db))


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM call_requests",
        "DELETE FROM dial_attempts",
        "UPDATE dial_attempts SET started_at = '2020'",
        "UPDATE dial_attempts SET conclusion = 'never_sent'",
        "UPDATE dial_attempts SET conclusion = NULL",
        "UPDATE dial_attempts SET call_sid = 'OUT-2'",
        "DELETE FROM policies",
        "UPDATE policies SET policy = '{}'",
        f"DELETE FROM suppressions WHERE number = '{NUMBER}'",
        f"UPDATE suppressions SET number = '+1617' WHERE number = '{NUMBER}'",
        f"UPDATE suppressions SET added_by = 'U0EVE' WHERE number = '{NUMBER}'",
        "DELETE FROM freezes",
        "UPDATE freezes SET lifted_at = NULL",
        "UPDATE freezes SET why = 'x'",
        "DELETE FROM freeze_lifts",
        "UPDATE freeze_lifts SET lifted_by = 'U0MALLORY'",
    ],
)
def test_the_database_itself_refuses_it_first(db: sqlite_utils.Database, sql: str) -> None:
    """Whoever writes by accident, or with the code's own connection, is stopped by a trigger."""
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(sql)


def test_nobody_ends_a_freeze_with_an_editor_alone(db: sqlite_utils.Database) -> None:
    """Dialing goes on only where somebody else wanted it."""
    freezes.freeze(db, "again", "U0BOB", START, "C1")
    with pytest.raises(sqlite3.IntegrityError, match="ended by other people"):
        db.execute("UPDATE freezes SET lifted_at = '2026' WHERE lifted_at IS NULL")


def test_forgetting_leaves_everything_as_the_record_says(db: sqlite_utils.Database) -> None:
    """A request's details, an attempt's texts, and a number that becomes its hash."""
    request = a_request()
    moves.insert(db, request)
    moves.apply(db, request, approval.cancel(request, request.requester, START))
    forget_request(db, moves.find(db, request.id), "callgate", START)
    assert suppressions.forget(db, NUMBER) and suppressions.forget(db, OTHER)
    assert list(check_rows(db)) == []
    take_off(db, NUMBER)
    suppressions.add(db, NUMBER, "again", "U0BOB", START)
    assert list(check_rows(db)) == []


def test_a_number_that_comes_back_on_the_list_is_another_event(db: sqlite_utils.Database) -> None:
    """What was taken off and put on again is on it by the newer event."""
    suppressions.add(db, THIRD, "again", "U0BOB", START)
    assert list(check_rows(db)) == []


def test_an_older_database_is_recorded_as_it_stood(tmp_path: Path) -> None:
    """An event at the upgrade names policies, list and what was forgotten; changes since are found."""
    db = old_database(tmp_path / "old.db", before="m0016_record")
    gone = ended(91).model_copy(update={"forgotten_at": START})
    put(db, "call_requests", to_row(gone))
    put(db, "suppressions", {"number": NUMBER, "why": "w", "added_by": "U1", "added_at": "2026"})
    put(db, "policies", {"sha256": "0", "name": "old", "adopted_at": "2026", "policy": '{"b": 1, "a": 2}'})
    migrations.apply(db)
    said = [found for found in check_rows(db) if "record does not begin" not in found]
    assert said == ["Policies: these are not the ones that the record names."]  # the old event was not put
    without_triggers(db)
    db.execute("DELETE FROM suppressions")
    db.execute("UPDATE call_requests SET forgotten_at = NULL")
    told = " ".join(check_rows(db))
    assert "Suppression list: what event 1 put on it" in told and "Deleted details" in told
    db.close()


def test_a_new_database_has_no_baseline() -> None:
    """There was nothing before it."""
    db = sqlite_utils.Database(memory=True)
    migrations.apply(db)
    assert list(events(db)) == [] and list(check_rows(db)) == []
