"""Whether somebody may be called at a moment, and when next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ask import Purpose
from bot.domain.policy.hours import HORIZON, Hours, hours
from bot.domain.policy.public_holidays import is_holiday
from bot.domain.policy.tzdb import zone
from bot.domain.policy.windows import WindowTable, read_table, shipped_table

MARKETING, INFORMATIONAL, DEBT = Purpose.MARKETING, Purpose.INFORMATIONAL, Purpose.DEBT_COLLECTION


def local(text: str, name: str = "America/New_York", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone(name), fold=fold)


def judged(
    text: str, where: str, purpose: Purpose = MARKETING, name: str = "America/New_York", fold: int = 0
) -> Hours:
    """The hours at a local time, of jurisdictions given as "US US-FL"."""
    return hours(shipped_table(), frozenset(where.split()), [name], purpose, local(text, name, fold))


def table_of(*windows: str, where: str = "US", holidays: str | None = None) -> WindowTable:
    """A table with these hours on every day."""
    listed = ", ".join(f'"{window}"' for window in windows)
    days = "".join(f"{day} = [{listed}]\n" for day in ("mon_fri", "sat", "sun"))
    days += f"holidays = [{listed if holidays is None else holidays}]\n"
    head = f'version = "2026-11-22"\n[[window]]\njurisdiction = "{where}"\npurposes = ["marketing"]\n'
    return read_table(f'{head}{days}effective_from = 2020-01-01\nsource = "a test"\n')


@pytest.mark.parametrize(
    ("where", "purpose", "opens", "closes"),
    [
        ("US", MARKETING, "2026-11-23T08:00", "2026-11-23T21:00"),
        ("US", Purpose.OTHER, "2026-11-23T08:00", "2026-11-23T21:00"),
        ("US", DEBT, "2026-11-22T08:00", "2026-11-22T21:00"),
        ("US US-AL", DEBT, "2026-11-22T08:00", "2026-11-22T21:00"),
        ("US US-AL", INFORMATIONAL, "2026-11-22T08:00", "2026-11-22T21:00"),
        ("US US-FL", MARKETING, "2026-11-22T08:00", "2026-11-22T20:00"),
        ("US US-CT", MARKETING, "2026-11-23T09:00", "2026-11-23T20:00"),
        ("US US-KY", MARKETING, "2026-11-22T10:00", "2026-11-22T21:00"),
        ("US US-NE", MARKETING, "2026-11-22T13:00", "2026-11-22T21:00"),
        ("US US-TX", MARKETING, "2026-11-22T12:00", "2026-11-22T21:00"),
        ("US US-RI", MARKETING, "2026-11-21T10:00", "2026-11-21T17:00"),
        ("US US-?", INFORMATIONAL, "2026-11-23T09:00", "2026-11-23T21:00"),
        ("US US-?", DEBT, "2026-11-22T09:00", "2026-11-22T21:00"),
        ("US US-CA", INFORMATIONAL, "2026-11-22T09:00", "2026-11-22T21:00"),
        ("US US-CA", DEBT, "2026-11-22T09:00", "2026-11-22T21:00"),
        ("US US-CA", MARKETING, "2026-11-22T09:00", "2026-11-22T21:00"),
        ("US US-MN", INFORMATIONAL, "2026-11-22T09:00", "2026-11-22T21:00"),
        ("US US-MN", DEBT, "2026-11-22T09:00", "2026-11-22T21:00"),
        ("US US-NV", INFORMATIONAL, "2026-11-22T09:00", "2026-11-22T21:00"),
        ("US US-KY", INFORMATIONAL, "2026-11-22T08:00", "2026-11-22T21:00"),
        ("US US-TN", MARKETING, "2026-11-22T08:00", "2026-11-22T21:00"),
        ("US US-SD", MARKETING, "2026-11-23T09:00", "2026-11-23T21:00"),
        ("US US-OR", MARKETING, "2026-11-22T08:00", "2026-11-22T20:00"),
        ("US US-SC", MARKETING, "2026-11-22T08:00", "2026-11-22T19:00"),
        ("US US-PR", MARKETING, "2026-11-22T08:00", "2026-11-22T21:00"),
        ("US US-PA", MARKETING, "2026-10-11T08:00", "2026-10-11T21:00"),
        ("US US-PA", MARKETING, "2026-11-23T09:00", "2026-11-23T19:00"),
        ("US US-NY", MARKETING, "2026-12-25T08:00", "2026-12-25T21:00"),
        ("CA CA-ON", MARKETING, "2026-11-23T09:00", "2026-11-23T21:30"),
        ("CA CA-ON", MARKETING, "2026-11-22T10:00", "2026-11-22T18:00"),
        ("CA CA-ON", MARKETING, "2026-12-25T10:00", "2026-12-25T18:00"),
        ("CA CA-MB", INFORMATIONAL, "2026-11-23T09:00", "2026-11-23T21:00"),
        ("CA CA-MB", INFORMATIONAL, "2026-11-22T10:00", "2026-11-22T18:00"),
        ("CA CA-MB", DEBT, "2026-11-23T09:00", "2026-11-23T20:00"),
        ("CA CA-ON", DEBT, "2026-11-21T10:00", "2026-11-21T18:00"),
        ("IT", MARKETING, "2026-11-28T10:00", "2026-11-28T19:00"),
        ("GB", MARKETING, "2026-11-23T08:00", "2026-11-23T21:00"),
        ("GB", MARKETING, "2026-11-21T09:00", "2026-11-21T21:00"),
        ("FR", MARKETING, "2026-11-23T10:00", "2026-11-23T13:00"),
        ("FR", MARKETING, "2026-11-23T14:00", "2026-11-23T20:00"),
        ("AU", MARKETING, "2026-11-21T09:00", "2026-11-21T17:00"),
        ("IN", MARKETING, "2026-11-22T09:00", "2026-11-22T21:00"),
        ("DE", MARKETING, "2026-11-21T09:00", "2026-11-21T20:00"),
        ("GB", DEBT, "2026-11-21T09:00", "2026-11-21T20:00"),
        ("DE", INFORMATIONAL, "2026-12-25T08:00", "2026-12-25T21:00"),
        ("FR US US-NY", MARKETING, "2026-11-23T14:00", "2026-11-23T20:00"),
    ],
)
def test_a_window_begins_at_its_start_and_ends_before_its_end(
    where: str, purpose: Purpose, opens: str, closes: str
) -> None:
    """The first minute is inside, the minute before and the end itself are not."""
    second = timedelta(microseconds=1)
    at, end = local(opens), local(closes)
    table, places = shipped_table(), frozenset(where.split())
    inside = [hours(table, places, ["America/New_York"], purpose, t).open for t in (at, end - second)]
    outside = [hours(table, places, ["America/New_York"], purpose, t).open for t in (at - second, end)]
    assert inside == [True, True] and outside == [False, False]
    assert hours(table, places, ["America/New_York"], purpose, at - second).next_opening == at


@pytest.mark.parametrize(
    ("where", "day"),
    [
        ("US US-AL", "2026-11-22"),  # Sundays
        ("US US-LA", "2026-11-22"),
        ("US US-SD", "2026-11-21"),
        ("US US-SD", "2026-11-22"),
        ("US US-UT", "2026-11-22"),
        ("US US-RI", "2026-11-22"),
        ("US US-PA", "2026-10-18"),
        ("GB", "2026-11-22"),
        ("FR", "2026-11-21"),
        ("ES", "2026-11-21"),
        ("DE", "2026-11-22"),
        ("US US-AL", "2026-04-27"),  # holidays
        ("US US-LA", "2026-02-17"),
        ("US US-UT", "2026-07-24"),
        ("US US-RI", "2026-08-10"),
        ("US US-PA", "2026-07-03"),
        ("US US-PA", "2026-11-26"),
        ("US US-PA", "2027-03-26"),  # Good Friday
        ("US US-PA", "2027-06-14"),  # Flag Day
        ("US US-PA", "2026-11-03"),  # Election Day
        ("US US-PA", "2027-11-02"),
        ("CA CA-BC", "2026-08-03"),
        ("CA CA-?", "2026-07-01"),
        ("GB", "2026-04-06"),
        ("GB", "2026-12-28"),
        ("FR", "2026-07-14"),
        ("ES", "2026-12-08"),
        ("AU", "2027-01-26"),
        ("DE", "2026-10-03"),
    ],
)
def test_days_on_which_nobody_is_called(where: str, day: str) -> None:
    """Banned Sundays, Saturdays and holidays are closed from midnight to midnight."""
    begin = local(f"{day}T00:00")
    moments = (begin + timedelta(minutes=15 * quarter) for quarter in range(96))
    places = frozenset(where.split())
    found = [hours(shipped_table(), places, ["America/New_York"], MARKETING, at) for at in moments]
    assert not any(one.open for one in found)
    assert all(one.next_opening and one.next_opening >= begin + timedelta(days=1) for one in found)


@pytest.mark.parametrize("where", ["WA", "WY", "MT", "MS", "ME", "NM", "?"])
def test_where_such_calls_are_banned_there_is_no_hour(where: str) -> None:
    """Marketing, and what may be marketing, finds no opening; for information there is one."""
    for purpose in (MARKETING, Purpose.OTHER):
        found = judged("2026-11-24T12:00", f"US US-{where}", purpose)
        assert (found.open, found.next_opening) == (False, None)
        assert [row.jurisdiction for row in found.rules if row.is_ban] == [f"US-{where}"]
    assert judged("2026-11-24T12:00", f"US US-{where}", INFORMATIONAL).open


def test_where_only_national_holidays_count_those_of_the_parts_do_not() -> None:
    """The day of the Melbourne Cup is none of Australia's; for anywhere else every part's count."""
    cup = local("2026-11-03T12:00", "Australia/Melbourne")
    assert is_holiday("AU", frozenset(), cup.date()) and not is_holiday("AU", None, cup.date())
    assert judged("2026-11-03T12:00", "AU", name="Australia/Melbourne").open
    assert not judged("2027-01-26T12:00", "AU", name="Australia/Melbourne").open
    table = table_of("09:00-21:00", where="AU", holidays="")
    assert not hours(table, frozenset({"AU"}), ["Australia/Melbourne"], MARKETING, cup).open


def test_pennsylvania_has_holidays_that_the_library_does_not_know() -> None:
    """Good Friday, Flag Day and Election Day, there and where the state is not known, and not elsewhere."""
    days = ["2026-04-03", "2026-06-14", "2026-11-03", "2027-03-26", "2027-06-14", "2027-11-02", "2022-11-08"]
    for day in map(date.fromisoformat, days):
        assert is_holiday("US", frozenset({"PA"}), day) and is_holiday("US", frozenset({"?"}), day)
        assert not is_holiday("US", frozenset({"AL"}), day) and not is_holiday("US", None, day)
    assert not is_holiday("CA", frozenset({"?"}), date(2027, 6, 14))
    assert not is_holiday("BR", frozenset({"PA"}), date(2027, 6, 14))  # Pará
    assert not any(is_holiday("US", frozenset({"PA"}), date(2026, 11, day)) for day in (2, 4, 10))


def test_a_holiday_is_one_by_the_recipients_date() -> None:
    """New Year begins in Kiritimati while it is still the year before in Alabama."""
    at = datetime(2026, 12, 31, 18, tzinfo=UTC)
    alabama = hours(shipped_table(), frozenset({"US", "US-AL"}), ["America/Chicago"], MARKETING, at)
    assert alabama.open
    both = hours(
        table_of("00:00-24:00", holidays=""), frozenset({"US"}), ["Pacific/Kiritimati"], MARKETING, at
    )
    assert not both.open and both.next_opening == datetime(2027, 1, 1, 10, tzinfo=UTC)


def test_holidays_of_every_part_count_where_the_part_is_not_known() -> None:
    """Pioneer Day is one of Utah's, of an unknown state's, and not of Florida's."""
    pioneer = date(2026, 7, 24)
    assert is_holiday("US", frozenset({"UT"}), pioneer)
    assert is_holiday("US", frozenset({"?"}), pioneer) and is_holiday("US", frozenset({"?", "FL"}), pioneer)
    assert is_holiday("US", frozenset(), pioneer) and not is_holiday("US", frozenset({"FL"}), pioneer)
    assert is_holiday("US", frozenset({"FL", "UT"}), pioneer)
    assert is_holiday("US", frozenset({"FL"}), date(2026, 12, 25))
    assert is_holiday("FR", frozenset({"RE"}), date(2026, 12, 20))
    assert not is_holiday("TA", frozenset(), date(2026, 12, 25))


def test_each_country_has_its_own_holidays() -> None:
    """That a province is not known makes no holiday of Utah's one of Florida's."""
    places, pioneer = frozenset({"US", "US-FL", "CA", "CA-?"}), local("2026-07-24T12:00")
    table = table_of("09:00-21:00", where="*", holidays="")
    assert hours(table, places, ["America/New_York"], MARKETING, pioneer).open
    unknown = places - {"US-FL"} | {"US-?"}
    assert not hours(table, unknown, ["America/New_York"], MARKETING, pioneer).open


def test_the_rules_applied_are_told_the_most_specific_last() -> None:
    """The card can name them: of anywhere, of the country, of the state; of every date among the zones."""
    assert [r.jurisdiction for r in judged("2026-11-23T12:00", "US US-FL").rules] == ["US", "US-FL"]
    assert [r.jurisdiction for r in judged("2026-11-23T12:00", "DE").rules] == ["*"]
    assert [r.jurisdiction for r in judged("2026-11-23T12:00", "DE US US-?").rules] == ["*", "US", "US-?"]
    zones = ["America/New_York", "Asia/Tokyo"]
    at = local("2026-10-17T20:00")
    found = hours(shipped_table(), frozenset({"US", "US-PA"}), zones, MARKETING, at)
    assert [r.jurisdiction for r in found.rules] == ["US", "US-PA", "US-PA"]


def test_the_earliest_and_latest_local_time_are_told() -> None:
    """Of all zones, the one that is furthest behind and the one that is furthest ahead at that moment."""
    zones = ["Europe/London", "America/St_Johns", "Asia/Kathmandu"]
    found = hours(
        shipped_table(), frozenset({"GB"}), zones, MARKETING, datetime(2026, 11, 23, 12, tzinfo=UTC)
    )
    assert found.zones == ("America/St_Johns", "Asia/Kathmandu", "Europe/London")
    assert found.earliest.isoformat() == "2026-11-23T08:30:00-03:30"
    assert found.latest.isoformat() == "2026-11-23T17:45:00+05:45"


def test_every_zone_must_be_inside() -> None:
    """The window of an area code in two zones opens with the later one and closes with the earlier one."""
    both, florida = ["America/Chicago", "America/New_York"], frozenset({"US", "US-FL"})
    at = {hour: local(f"2026-11-23T{hour}") for hour in ("08:59", "09:00", "19:59", "20:00")}
    found = {hour: hours(shipped_table(), florida, both, MARKETING, moment) for hour, moment in at.items()}
    assert [found[hour].open for hour in at] == [False, True, True, False]
    assert found["08:59"].next_opening == at["09:00"]
    assert found["09:00"].next_opening == at["09:00"] and found["09:00"].next_opening.tzinfo is UTC


def test_the_first_of_several_openings_is_found_in_all_zones() -> None:
    """A window of one zone that lies later does not hide an earlier one that suits all of them."""
    table = table_of("01:15-02:15", "03:15-14:45", "18:30-21:30")
    zones = ["America/New_York", "America/Los_Angeles", "Europe/Paris"]
    found = hours(table, frozenset({"US"}), zones, MARKETING, datetime(2026, 11, 24, 23, tzinfo=UTC))
    assert found.next_opening == datetime(2026, 11, 25, 9, 15, tzinfo=UTC)


def test_zones_too_far_apart_are_never_open() -> None:
    """Where no moment suits all zones there is no next opening."""
    zones = ["Pacific/Honolulu", "Asia/Tokyo", "Europe/Paris"]
    found = hours(shipped_table(), frozenset({"US"}), zones, MARKETING, local("2026-11-23T12:00"))
    assert (found.open, found.next_opening) == (False, None)


def test_without_a_rule_nothing_is_open() -> None:
    """No jurisdiction, no row in effect, or no row for the country and the purpose: closed."""
    at = local("2026-11-23T12:00")
    table = table_of("00:00-24:00")
    for places, purpose, moment in (
        (frozenset[str](), MARKETING, at),
        (frozenset({"GB"}), MARKETING, at),
        (frozenset({"US", "GB"}), MARKETING, at),
        (frozenset({"US"}), DEBT, at),
        (frozenset({"US"}), MARKETING, at.replace(year=2019)),
    ):
        found = hours(table, places, ["America/New_York"], purpose, moment)
        assert (found.open, found.next_opening) == (False, None)
    assert hours(table, frozenset({"US"}), ["America/New_York"], MARKETING, at).open


def test_no_zone_or_a_wrong_one_is_an_error() -> None:
    """Nothing is open where the time is not known."""
    at = local("2026-11-23T12:00")
    with pytest.raises(ValueError, match="state one"):
        hours(shipped_table(), frozenset({"US"}), [], MARKETING, at)
    with pytest.raises(ValueError, match="no time zone"):
        hours(shipped_table(), frozenset({"US"}), ["America/New_York"], MARKETING, at.replace(tzinfo=None))
    with pytest.raises(LookupError):
        hours(shipped_table(), frozenset({"US"}), ["Mars/Base"], MARKETING, at)


@pytest.mark.parametrize(
    ("windows", "name", "at", "opening"),
    [
        # 2:30 is skipped: the clock goes from 2:00 to 3:00, which is inside.
        (("02:30-05:00",), "America/New_York", "2027-03-14T06:59+00:00", "2027-03-14T07:00+00:00"),
        # The whole window is skipped: it opens on the next day.
        (("02:15-02:45",), "America/New_York", "2027-03-14T06:00+00:00", "2027-03-15T06:15+00:00"),
        # The window ends at 1:30, and the clock goes back from 2:00 to 1:00: it opens again.
        (("00:30-01:30",), "America/New_York", "2027-11-07T05:30+00:00", "2027-11-07T06:00+00:00"),
        # The start comes twice, and the second time is taken by who missed the first.
        (("01:15-01:20",), "America/New_York", "2027-11-07T05:20+00:00", "2027-11-07T06:15+00:00"),
        # The last quarter of an hour of the day of the change, by UTC.
        (("01:45-05:00",), "Europe/Paris", "2027-03-28T23:44+00:00", "2027-03-28T23:45+00:00"),
        # Half an hour of summer time.
        (("02:10-04:00",), "Australia/Lord_Howe", "2027-10-02T15:29+00:00", "2027-10-02T15:30+00:00"),
        # Midnight itself is skipped.
        (("00:30-04:00",), "America/Santiago", "2027-09-05T03:59+00:00", "2027-09-05T04:00+00:00"),
        # Zones of half and quarter hours.
        (("09:00-21:00",), "Asia/Kolkata", "2027-03-14T03:29+00:00", "2027-03-14T03:30+00:00"),
        (("09:00-21:00",), "Asia/Kathmandu", "2027-03-14T03:14+00:00", "2027-03-14T03:15+00:00"),
        (("09:00-21:00",), "America/St_Johns", "2027-03-14T11:29+00:00", "2027-03-14T11:30+00:00"),
        # A leap day, and the end of a year.
        (("09:00-21:00",), "UTC", "2028-02-28T21:00+00:00", "2028-02-29T09:00+00:00"),
        (("09:00-21:00",), "UTC", "2028-02-29T21:00+00:00", "2028-03-01T09:00+00:00"),
        (("09:00-21:00",), "UTC", "2027-12-31T21:00+00:00", "2028-01-01T09:00+00:00"),
        (("23:00-24:00",), "UTC", "2027-12-31T22:59+00:00", "2027-12-31T23:00+00:00"),
        (("00:00-01:00",), "UTC", "2027-12-31T23:59+00:00", "2028-01-01T00:00+00:00"),
    ],
)
def test_clocks_that_change(windows: tuple[str, ...], name: str, at: str, opening: str) -> None:
    """Gaps, folds, leap days and ends of years: closed at the moment, and open when it says."""
    table, us = table_of(*windows), frozenset({"US"})
    found = hours(table, us, [name], MARKETING, datetime.fromisoformat(at))
    assert not found.open and found.next_opening == datetime.fromisoformat(opening)
    assert hours(table, us, [name], MARKETING, found.next_opening).open


def test_a_leap_day_has_its_weekday() -> None:
    """29 February 2032 is a Sunday: closed in Alabama, and open on the Monday after."""
    found = judged("2032-02-29T12:00", "US US-AL", name="America/Chicago")
    assert not found.open and found.next_opening == local("2032-03-01T08:00", "America/Chicago")


def test_the_hour_that_comes_twice_is_judged_twice() -> None:
    """At 1:30 the window of 1:00 to 2:00 is open before and after the clock went back."""
    table = table_of("01:00-02:00")
    for fold in (0, 1):
        at = local("2027-11-07T01:30", fold=fold)
        assert hours(table, frozenset({"US"}), ["America/New_York"], MARKETING, at).open


def test_an_opening_beyond_the_horizon_is_none() -> None:
    """A row that begins in 31 days is not looked for, one that begins in 30 is."""
    at = local("2026-11-23T12:00")
    text = 'version = "2026-11-22"\n[[window]]\njurisdiction = "US"\npurposes = ["marketing"]\n'
    text += 'mon_fri = ["09:00-21:00"]\nsat = ["09:00-21:00"]\nsun = ["09:00-21:00"]\n'
    text += 'holidays = ["09:00-21:00"]\nsource = "a test"\neffective_from = '
    for days, opens in ((29, True), (30, True), (31, False)):
        begins = at.date() + timedelta(days=days)
        found = hours(read_table(f"{text}{begins}\n"), frozenset({"US"}), ["America/New_York"], MARKETING, at)
        assert (found.next_opening == local(f"{begins}T09:00")) is opens
        assert (found.next_opening is None) is not opens
    at, row = local("2026-11-23T09:00"), f"{text}{at.date() + timedelta(days=30)}\n"
    for moment, opening in ((at, at + timedelta(days=30)), (at - timedelta(minutes=1), None)):
        found = hours(read_table(row), frozenset({"US"}), ["America/New_York"], MARKETING, moment)
        assert found.next_opening == opening


def span(ends: tuple[int, int]) -> str:
    return "-".join(f"{quarter // 4:02}:{quarter % 4 * 15:02}" for quarter in ends)


some_windows = st.one_of(
    st.sampled_from(list(combinations(range(97), 2))).map(lambda ends: (span(ends),)),
    st.sampled_from(list(combinations(range(0, 97, 3), 4))).map(
        lambda ends: (span((ends[0], ends[1])), span((ends[2], ends[3])))
    ),
)
some_zones = st.sets(
    st.sampled_from(
        (
            "America/New_York",
            "America/St_Johns",
            "America/Santiago",
            "America/Havana",
            "Australia/Lord_Howe",
            "Europe/Paris",
            "Africa/Casablanca",
            "Asia/Kathmandu",
            "Pacific/Chatham",
            "Pacific/Honolulu",
        )
    ),
    min_size=1,
    max_size=3,
)
quarters_of_2027 = st.integers(0, 365 * 96).map(
    lambda quarter: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)
)
near_a_change = st.tuples(
    st.sampled_from(["2027-03-14", "2027-11-07", "2027-04-04", "2027-09-05", "2027-10-03", "2027-03-28"]),
    st.integers(-96, 192),
).map(lambda near: datetime.fromisoformat(f"{near[0]}T00:00+00:00") + timedelta(minutes=15 * near[1]))


@settings(deadline=None, max_examples=50)
@given(some_windows, some_zones, st.one_of(quarters_of_2027, near_a_change), st.booleans())
def test_the_next_opening_is_the_first(
    windows: tuple[str, ...], zones: set[str], at: datetime, bank_holidays: bool
) -> None:
    """It is open, and no quarter of an hour before it is; if there is none, none in the horizon is open."""
    table = table_of(*windows, holidays="" if bank_holidays else None)
    us = frozenset({"US", "US-NY"})
    found = hours(table, us, zones, MARKETING, at)
    opening = found.next_opening
    end = opening or at + timedelta(days=3)
    assert found.open == (opening == at)
    assert opening is None or (hours(table, us, zones, MARKETING, opening).open and opening <= at + HORIZON)
    before = range(0, min((end - at) // timedelta(minutes=15), 4 * 96))
    assert not any(
        hours(table, us, zones, MARKETING, at + timedelta(minutes=15 * quarter)).open for quarter in before
    )


@given(quarters_of_2027, st.sampled_from(list(Purpose)))
def test_more_zones_and_more_rules_never_open_what_is_closed(at: datetime, purpose: Purpose) -> None:
    """A further zone or a state's row only takes moments away."""
    table, one = shipped_table(), ["America/Chicago"]
    florida = hours(table, frozenset({"US", "US-FL"}), one, purpose, at)
    assert not florida.open or hours(table, frozenset({"US"}), one, purpose, at).open
    both = hours(table, frozenset({"US", "US-FL"}), [*one, "America/New_York"], purpose, at)
    assert not both.open or florida.open
