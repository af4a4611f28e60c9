"""What the dialing policy is told of a number: the attempts that count, the last success, the lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from bot.domain.answer import Conclusion
from bot.domain.call_request import Purpose
from bot.domain.policy.records import LOOK_BACK
from bot.domain.states import Status
from storage import dialing_records
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
    assert (records.attempts, records.last_success) == ((), None)
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
