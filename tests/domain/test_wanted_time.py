"""A date and a time on the recipient's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidFields
from bot.domain.policy.tzdb import zone
from bot.domain.wanted_time import MAX_AHEAD, check_ahead, moment_of

BOSTON, CHICAGO = "America/New_York", "America/Chicago"
NOW = datetime(2026, 10, 1, 16, tzinfo=UTC)


def moment(text: str, *zones: str, now: datetime = NOW) -> datetime:
    found = moment_of(datetime.fromisoformat(text), set(zones))
    check_ahead(found, now)
    return found


def refused(text: str, *zones: str, now: datetime = NOW) -> dict[str, str]:
    with pytest.raises(InvalidFields) as caught:
        moment(text, *zones, now=now)
    return caught.value.errors


@pytest.mark.parametrize(
    ("text", "where", "utc"),
    [
        ("2026-10-02T10:00", BOSTON, "2026-10-02T14:00"),
        ("2026-10-02T10:00", "Asia/Kathmandu", "2026-10-02T04:15"),
        ("2026-11-02T10:00", BOSTON, "2026-11-02T15:00"),  # after the clocks went back
        ("2026-11-01T01:30", BOSTON, "2026-11-01T05:30"),  # comes twice: the first
        ("2026-11-01T00:59", BOSTON, "2026-11-01T04:59"),
        ("2026-11-01T02:00", BOSTON, "2026-11-01T07:00"),
    ],
)
def test_the_moment_is_told_in_utc(text: str, where: str, utc: str) -> None:
    """By the recipient's clock, with their summer time."""
    found = moment(text, where)
    assert found == datetime.fromisoformat(f"{utc}+00:00") and found.tzinfo is UTC


def test_a_leap_day_is_a_day() -> None:
    """29 February 2028 can be asked for."""
    now = datetime(2028, 2, 20, tzinfo=UTC)
    assert moment("2028-02-29T12:00", BOSTON, now=now) == datetime(2028, 2, 29, 17, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2027-03-14T02:00", "2027-03-14T02:30", "2027-03-14T02:59"])
def test_a_time_that_the_clock_skips_is_refused(text: str) -> None:
    """The clocks go forward from 2:00 to 3:00; the minutes around the gap are there."""
    now = datetime(2027, 3, 1, tzinfo=UTC)
    assert "clocks go forward" in refused(text, BOSTON, now=now)["not_before_time"]
    for around, utc in (("2027-03-14T01:59", "06:59"), ("2027-03-14T03:00", "07:00")):
        there = datetime.fromisoformat(f"2027-03-14T{utc}+00:00")
        assert moment(around, BOSTON, now=now) == there


def test_a_time_that_one_of_the_zones_skips_is_refused() -> None:
    """Jamaica has no summer time: there 2:30 is shown, in Boston it is not, whichever is looked at first."""
    now = datetime(2027, 3, 1, tzinfo=UTC)
    for zones in ((BOSTON, "America/Jamaica"), ("America/Jamaica", BOSTON)):
        assert "clocks go forward" in refused("2027-03-14T02:30", *zones, now=now)["not_before_time"]


def test_what_is_past_is_refused_by_the_recipients_clock() -> None:
    """This very moment is past, a minute later is not; the sentence says what else can be done."""
    assert "past" in refused("2026-10-01T12:00", BOSTON)["not_before_time"]
    assert (
        "leave both fields empty"
        in refused("2026-10-01T12:30", CHICAGO, now=NOW + timedelta(hours=2))["not_before_time"]
    )
    assert moment("2026-10-01T12:01", BOSTON, now=NOW) == NOW + timedelta(minutes=1)


def test_what_is_too_far_ahead_is_refused() -> None:
    """Sixty days to the minute may be asked for, not one minute more."""
    assert timedelta(days=60) == MAX_AHEAD
    assert moment("2026-11-30T11:00", BOSTON, now=NOW) == NOW + MAX_AHEAD
    assert "60 days" in refused("2026-11-30T11:01", BOSTON)["not_before_time"]
    assert "60 days" in refused("2027-09-30T12:00", BOSTON)["not_before_time"]


@pytest.mark.parametrize("there", [datetime.min, datetime.max, datetime(2036, 10, 9), datetime(2016, 9, 22)])
@pytest.mark.parametrize("where", ["Pacific/Honolulu", "Pacific/Kiritimati", BOSTON])
def test_a_date_out_of_all_reason_is_refused(there: datetime, where: str) -> None:
    """Also one that is in no year that UTC can be told in."""
    with pytest.raises(InvalidFields, match=r"60 days|past") as caught:
        check_ahead(moment_of(there, {where}), NOW)
    assert set(caught.value.errors) == {"not_before_time"}


def test_without_a_zone_somebody_has_to_state_it() -> None:
    """The error stands at the zone, where it can be mended."""
    errors = refused("2026-10-02T10:00")
    assert set(errors) == {"zone"} and "Choose the recipient's time zone" in errors["zone"]


def test_zones_that_differ_at_that_time_are_refused() -> None:
    """Ten o'clock in Boston is not ten o'clock in Chicago; zones that agree are no matter."""
    errors = refused("2026-10-02T10:00", BOSTON, CHICAGO)
    assert set(errors) == {"zone"} and "several time zones" in errors["zone"]
    same = {BOSTON, "America/Detroit", "America/Toronto"}
    assert moment("2026-10-02T10:00", *same).hour == 14


@given(
    st.integers(1, 60 * 24 * 60 - 120).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    st.sampled_from([BOSTON, "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana", "Europe/Paris"]),
)
def test_what_the_clock_shows_then_leads_back_to_the_moment(at: datetime, where: str) -> None:
    """For every minute that may be asked for; in the hour that comes twice, to its first time."""
    there = at.astimezone(zone(where))
    first = there.replace(fold=0).astimezone(UTC)
    shown = there.replace(tzinfo=None, fold=0)  # a picker knows no second time
    assert moment_of(shown, {where}) == first
