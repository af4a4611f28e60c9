"""When: not before the time asked for, and only inside the recipient's hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.call_request import Purpose
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.dialing_policy import shipped_policy
from bot.domain.policy.when import check_when, hours_for, zones_for
from tests.domain.policy.cases import NOON, is_told
from tests.support.requests import a_request

TICK = timedelta(microseconds=1)
NIGHT = NOON.replace(hour=2)  # 22:00 of the Sunday before
TOLL_FREE = "+18005551234"


def found(at: datetime, **changes: Any) -> list[Violation]:
    request = a_request(**changes)
    return list(check_when(request, hours_for(request, shipped_policy(), at), at))


def test_the_zone_is_the_stated_one_or_every_one_of_the_number() -> None:
    """What a person states counts; else wherever the area code can lie; a toll-free number has none."""
    both = {"America/Chicago", "America/New_York"}
    assert zones_for(a_request(to_number="+18502345678")) == both
    assert zones_for(a_request(to_number="+18502345678", zone="America/Denver")) == {"America/Denver"}
    assert zones_for(a_request(to_number=TOLL_FREE)) == frozenset()


def test_a_call_by_day_is_allowed() -> None:
    """Nothing speaks against noon."""
    assert found(NOON) == []


def test_a_call_waits_for_the_time_asked_for() -> None:
    """At that very moment it may go, a microsecond before it waits."""
    (early,) = found(NOON - TICK, not_before=NOON)
    assert (early.rule, early.until) == (Rule.NOT_BEFORE, NOON) and is_told(early)
    assert found(NOON, not_before=NOON) == [] and found(NOON + TICK, not_before=NOON) == []


def test_a_number_without_a_zone_needs_a_stated_one() -> None:
    """A toll-free number is not called until somebody says where it rings; waiting does not help."""
    (nowhere,) = found(NOON, to_number=TOLL_FREE)
    assert (nowhere.rule, nowhere.until) == (Rule.TIME_ZONE, None) and is_told(nowhere)
    assert hours_for(a_request(to_number=TOLL_FREE), shipped_policy(), NOON) is None
    assert found(NOON, to_number=TOLL_FREE, zone="America/New_York") == []


def test_the_night_is_told_by_the_recipients_clock() -> None:
    """The refusal has the local time, the sources of the hours, and the next morning."""
    (night,) = found(NIGHT, purpose=Purpose.MARKETING)
    assert night.rule is Rule.CALLING_WINDOW and is_told(night)
    assert night.until == datetime(2026, 8, 24, 12, tzinfo=UTC)  # 8:00 on Monday
    assert "It is Sun 22:00 at" in night.reason
    sources = night.source.split("; ")
    assert len(sources) == 4 and all(source == source.strip() for source in sources)
    assert sources[0].startswith("47 CFR") and sources[2].startswith("https://www.dropcowboy")


def test_of_several_zones_both_ends_are_told() -> None:
    """Florida's panhandle waits for the morning of its later half; one source is told once."""
    (night,) = found(NIGHT, to_number="+18502345678")
    assert "It is between Sun 21:00 and Sun 22:00 at" in night.reason
    assert night.until == datetime(2026, 8, 24, 13, tzinfo=UTC)
    assert night.source == "Callgate's own courtesy, from no law"


def test_a_source_of_several_rows_is_told_once() -> None:
    """On New Year's Eve in two countries the rows for anywhere and for a state may share their source."""
    (night,) = found(NIGHT, to_number="+18502345678", zone="America/Toronto", purpose=Purpose.DEBT_COLLECTION)
    assert len(set(night.source.split("; "))) == len(night.source.split("; "))


def test_what_speaks_against_the_moment_is_told_at_once() -> None:
    """A time asked for and the night stand side by side, and so does a zone that is missing."""
    later = NOON + timedelta(days=1)
    assert [one.rule for one in found(NIGHT, not_before=later)] == [Rule.NOT_BEFORE, Rule.CALLING_WINDOW]
    nowhere = found(NIGHT, not_before=later, to_number=TOLL_FREE)
    assert [one.rule for one in nowhere] == [Rule.NOT_BEFORE, Rule.TIME_ZONE]
