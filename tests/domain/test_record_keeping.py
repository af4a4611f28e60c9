"""How long a request's details are kept: by what became of it, and by what it was for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ask import Purpose
from bot.domain.policy.dialing_policy import shipped_policy
from bot.domain.policy.record_keeping import SOURCES, kept_until, needed_until
from bot.domain.policy.records import LOOK_BACK
from tests.support.clock import START
from tests.support.finished import KEEPING, ended
from tests.support.requests import a_request

RECORDS = shipped_policy().keep_records
THREE_YEARS, FIVE_YEARS = RECORDS[Purpose.DEBT_COLLECTION], RECORDS[Purpose.MARKETING]


def test_what_nobody_was_dialed_for_is_kept_as_long_as_is_set() -> None:
    """A denied request goes after the days of the setting, whatever its purpose, and no record needs it."""
    for purpose in Purpose:
        request = ended(0, dialed=False, purpose=purpose)
        assert needed_until(request, KEEPING, None) is None
        assert kept_until(request, KEEPING) == START + timedelta(days=90)


@pytest.mark.parametrize("purpose", Purpose)
def test_what_was_dialed_is_kept_as_long_as_its_records(purpose: Purpose) -> None:
    """Each purpose has its own time, from the end of the call on."""
    request = ended(0, purpose=purpose)
    assert kept_until(request, KEEPING) == START + RECORDS[purpose]


def test_a_time_that_a_rule_sets_names_the_rule() -> None:
    """The rest is our own choice, and names none."""
    assert SOURCES == {Purpose.MARKETING: "16 CFR 310.5", Purpose.DEBT_COLLECTION: "12 CFR 1006.100"}


def test_an_attempt_that_surely_rang_nowhere_counts_as_a_call() -> None:
    """In doubt it is a record: a request that was tried and then cancelled is kept like a call."""
    request = ended(0, dialed=False, attempts=1, purpose=Purpose.MARKETING)
    assert kept_until(request, KEEPING) == START + FIVE_YEARS


def test_debt_collection_counts_from_the_last_call_to_the_number() -> None:
    """12 CFR 1006.100: three years after the last activity; an earlier activity shortens nothing."""
    request = ended(0, purpose=Purpose.DEBT_COLLECTION)
    later, earlier = START + timedelta(days=500), START - timedelta(days=500)
    assert needed_until(request, KEEPING, later) == later + THREE_YEARS
    assert needed_until(request, KEEPING, earlier) == START + THREE_YEARS
    marketing = ended(0, purpose=Purpose.MARKETING)
    assert needed_until(marketing, KEEPING, later) == START + FIVE_YEARS


@pytest.mark.parametrize("year", range(2024, 2036))
def test_years_are_never_cut_short(year: int) -> None:
    """Whatever leap days lie in between, the days are at least the years of the calendar."""
    for month, day in ((1, 1), (2, 28), (3, 1), (12, 31)):
        begin = datetime(year, month, day, tzinfo=UTC)
        assert begin + THREE_YEARS >= begin.replace(year=year + 3)
        assert begin + FIVE_YEARS >= begin.replace(year=year + 5)


def test_records_are_kept_as_long_as_the_policy_looks_back() -> None:
    """However short somebody sets it: the caps count the attempts of that time."""
    keeping = replace(KEEPING, records=dict.fromkeys(Purpose, timedelta(days=1)))
    assert kept_until(ended(0), keeping) == START + LOOK_BACK


def test_what_is_under_way_has_no_end_yet() -> None:
    """Asking for it is a mistake of the program, not an answer."""
    with pytest.raises(ValueError, match="under way"):
        kept_until(a_request(), KEEPING)
