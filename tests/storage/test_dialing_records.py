"""What the dialing policy is told of a number: the attempts that count, the last success, the lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from bot.domain.answer import Conclusion
from bot.domain.ask import Purpose
from bot.domain.call_request import AlsoOpen, CallRequest, OpenRequest
from bot.domain.policy.records import LOOK_BACK
from bot.domain.states import TRANSITIONS, Status
from storage.calls import dialing_records
from storage.migrations import migrations
from storage.rows import to_column, to_row
from tests.support.clock import START
from tests.support.old_database import put
from tests.support.requests import a_request

HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
COUNTED = {None, Conclusion.PLACED, Conclusion.UNKNOWN}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite_utils.Database]:
    db = sqlite_utils.Database(tmp_path / "callgate.db")
    migrations.apply(db)
    yield db
    db.close()


def attempt(
    db: sqlite_utils.Database, at: datetime, conclusion: Conclusion | None = Conclusion.PLACED, **changes: Any
) -> None:
    request = a_request(**{"approved_by": "U0BOB", **changes})
    put(db, "call_requests", to_row(request))
    row = {"call_request_id": request.id, "number": 1, "started_at": to_column(at)}
    row |= {"lease_until": to_column(at), "payload_sha256": request.payload_sha256}
    put(db, "dial_attempts", {**row, "conclusion": conclusion and conclusion.value})


def test_nothing_is_known_of_a_new_number(db: sqlite_utils.Database) -> None:
    """No attempts, no success, not suppressed, not frozen."""
    records = dialing_records.load(db, a_request(), START)
    assert (records.attempts, records.last_success, records.last_attempt) == ((), None, None)
    assert (records.suppressed, records.frozen) == (False, False)


@pytest.mark.parametrize("conclusion", [None, *Conclusion])
def test_what_may_have_rung_counts(db: sqlite_utils.Database, conclusion: Conclusion | None) -> None:
    """Placed, unconfirmed and unanswered attempts count; what was surely not placed does not."""
    attempt(db, START - HOUR, conclusion)
    counted = dialing_records.load(db, a_request(), START).attempts
    assert counted == ((START - HOUR,) if conclusion in COUNTED else ())


def test_only_this_number_and_this_purpose_count(db: sqlite_utils.Database) -> None:
    """Calls of other people, and calls for another purpose, are not theirs."""
    attempt(db, START, to_number="+16176451985")
    attempt(db, START, purpose=Purpose.MARKETING)
    attempt(db, START - HOUR)
    attempt(db, START - 2 * HOUR)
    assert sorted(dialing_records.load(db, a_request(), START).attempts) == [START - 2 * HOUR, START - HOUR]


def test_the_last_attempt_is_of_this_number_and_of_any_purpose(db: sqlite_utils.Database) -> None:
    """One that is open at this moment counts as well, and so does one of a clock that was ahead."""
    attempt(db, START, to_number="+16176451985")
    attempt(db, START - 2 * HOUR)
    attempt(db, START - HOUR, purpose=Purpose.MARKETING)
    attempt(db, START - HOUR / 2, Conclusion.HELD, purpose=Purpose.MARKETING)
    records = dialing_records.load(db, a_request(), START)
    assert (records.last_attempt, records.attempts) == (START - HOUR, (START - 2 * HOUR,))
    attempt(db, START + HOUR, None, purpose=Purpose.OTHER)
    assert dialing_records.load(db, a_request(), START).last_attempt == START + HOUR


def test_attempts_are_looked_back_at_as_far_as_a_cap_may_reach(db: sqlite_utils.Database) -> None:
    """At the very end of ninety days an attempt counts no more, a microsecond before it does."""
    attempt(db, START - LOOK_BACK)
    attempt(db, START - LOOK_BACK + TICK)
    assert dialing_records.load(db, a_request(), START).attempts == (START - LOOK_BACK + TICK,)


def test_the_last_success_is_of_this_number_and_purpose(db: sqlite_utils.Database) -> None:
    """The latest one that succeeded; failures do not count."""
    succeeded = {"status": Status.SUCCEEDED}
    attempt(db, START, **succeeded, finished_at=START - 3 * HOUR)
    attempt(db, START, **succeeded, finished_at=START - 2 * HOUR)
    attempt(db, START, status=Status.FAILED, finished_at=START - HOUR)
    attempt(db, START, **succeeded, finished_at=START, to_number="+16176451985")
    attempt(db, START, **succeeded, finished_at=START, purpose=Purpose.OTHER)
    assert dialing_records.load(db, a_request(), START).last_success == START - 2 * HOUR


def stored(db: sqlite_utils.Database, status: Status, minute: int, **changes: Any) -> CallRequest:
    """A request of that minute; one that has ended, where its state is an end."""
    ended = None if TRANSITIONS[status] else START
    at = START + timedelta(minutes=minute)
    values = {"approved_by": "U0BOB", "finished_at": ended, "created_at": at, **changes}
    request = a_request(status=status, **values)
    put(db, "call_requests", to_row(request))
    return request


@pytest.mark.parametrize("status", Status)
def test_other_requests_to_the_number_are_known_until_they_have_ended(
    db: sqlite_utils.Database, status: Status
) -> None:
    """For whatever purpose, whoever asked; not those to other numbers, and not the request itself."""
    other = stored(db, status, 0, requester="U0CAROL", purpose=Purpose.MARKETING)
    stored(db, Status.APPROVED, 1, to_number="+16176451985")
    itself = stored(db, Status.PENDING_APPROVAL, 2)
    found = dialing_records.load(db, itself, START).also_open
    named = OpenRequest(id=other.id, requester="U0CAROL", status=status)
    assert found == (AlsoOpen(oldest=(named,)) if TRANSITIONS[status] else None)


def test_of_many_open_requests_the_oldest_are_named_and_the_others_counted(db: sqlite_utils.Database) -> None:
    """Three, and how many more there are."""
    requests = [stored(db, Status.APPROVED, minute) for minute in (4, 3, 2, 1, 0)]
    found = dialing_records.load(db, a_request(), START).also_open
    assert found and [each.id for each in found.oldest] == [each.id for each in requests[:1:-1]]
    assert found.more == 2


def test_open_requests_are_found_by_their_index(db: sqlite_utils.Database) -> None:
    """However many calls to the number have ended."""
    asked: list[str] = []
    with db.tracer(lambda sql, _: asked.append(sql)):
        dialing_records.load(db, a_request(), START)
    (sql,) = (sql for sql in asked if "count(*) OVER" in sql)
    plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", ["+1", "CR-", 3]))
    assert "call_requests_also_open" in plan
