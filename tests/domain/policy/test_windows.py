"""The table of calling windows: what is shipped, and what is refused, with its line."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ask import Purpose
from bot.domain.policy.intervals import Interval, intersect, parse_interval
from bot.domain.policy.toml_lines import TomlMistake
from bot.domain.policy.windows import Window, read_table, shipped_table
from tests.domain.policy import by_hand

ROW = """[[window]]
jurisdiction = "US"
purposes = ["marketing"]
mon_fri = ["08:00-21:00"]
sat = ["08:00-12:00", "13:00-24:00"]
sun = []
holidays = []
effective_from = 2026-01-01
source = "a law"
"""
TABLE = f'version = "2026-11-22"\n\n{ROW}'


def mistake(text: str) -> TomlMistake:
    with pytest.raises(TomlMistake) as caught:
        read_table(text)
    return caught.value


def changed(old: str, new: str) -> str:
    assert old in TABLE
    return TABLE.replace(old, new)


def test_a_table_is_read() -> None:
    """Version, rows, hours in minutes, and the fingerprint of the text."""
    table = read_table(TABLE)
    assert table.version == "2026-11-22" and len(table.sha256) == 64
    [row] = table.windows
    assert row.mon_fri == (Interval(480, 1260),) and [str(i) for i in row.sat] == [
        "08:00-12:00",
        "13:00-24:00",
    ]
    assert (row.purposes, row.sun, row.effective_until) == ((Purpose.MARKETING,), (), None)
    assert read_table(TABLE) == table and hash(read_table(TABLE)) == hash(table)
    assert read_table(TABLE + "\n") != table


def test_a_source_may_be_short() -> None:
    """One character is a text; none is not."""
    [row] = read_table(changed('"a law"', '"§"')).windows
    assert row.source == "§"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('"2026-11-22"', '"2026-11-22', 1, "not TOML"),
        ('source = "a law"\n', "source =\n", 11, "not TOML"),
        ('source = "a law"\n', 'source = "a law"\nsun = []\n', 12, "not TOML"),
        ('source = "a law"\n', 'source = """a law', 11, "not TOML"),
        ('version = "2026-11-22"\n', "\n", 1, "version is missing"),
        ('version = "2026-11-22"', 'version = "one"', 1, "version"),
        ('version = "2026-11-22"', "version = 20261122", 1, "version"),
        ('version = "2026-11-22"', 'version = "2026-11-22"\ncolour = 1', 2, "no key 'colour'"),
        ("sun = []", "sunday = []", 8, "no key 'sunday'"),
        ("sun = []\n", "", 3, "sun is missing"),
        ("sun = []", "sun = []\nsunday = []", 9, "no key 'sunday'"),
        ("sun = []", 'sun = ["20:00-08:00"]', 8, "ends before it begins"),
        ("sun = []", 'sun = ["08:00-08:00"]', 8, "ends before it begins"),
        ("sun = []", 'sun = ["8-20"]', 8, "not an interval"),
        ("sun = []", 'sun = ["8:00-20:00"]', 8, "not an interval"),
        ("sun = []", 'sun = ["08:00-20:60"]', 8, "no clock"),
        ("sun = []", 'sun = ["08:00-24:01"]', 8, "no clock"),
        ("sun = []", "sun = [800]", 8, "not an interval"),
        ("sun = []", 'sun = "08:00-20:00"', 8, "sun"),
        ("sun = []", 'sun = ["08:00-12:00", "11:59-13:00"]', 8, "overlap"),
        ("sun = []", 'sun = ["12:00-13:00", "08:00-10:00"]', 8, "not in order"),
        ("sun = []", 'sun = [\n  "08:00-12:00",\n  "11:00-13:00",\n]', 8, "overlap"),
        ('["marketing"]', '["marketting"]', 5, "purposes"),
        ('["marketing"]', "[]", 5, "purposes is empty"),
        ('"US"', '"UK"', 4, "'UK'"),
        ('"US"', '"US-ZZ"', 4, "'US-ZZ'"),
        ('"US"', '""', 4, "write a country"),
        ('"US"', "7", 4, "jurisdiction"),
        ("2026-01-01", '"soon"', 10, "effective_from"),
        ("2026-01-01", "1767225600", 10, "not a date"),
        ("2026-01-01", "2026-01-01\neffective_until = 2025-12-31", 3, "before effective_from"),
        ('"a law"', '""', 11, "source"),
        ('"a law"', '"a law"\nverified = "surely"', 12, "verified"),
        ('"a law"', '"a law"\nchecked_on = "soon"', 12, "checked_on"),
        ('"a law"', '"a law"\nonly_national_holidays = "AU"', 12, "only_national_holidays"),
        ("[[window]]", "[[windows]]", 3, "no key 'windows'"),
        ("[[window]]", "[window]", 3, "window"),
        (ROW, "", 1, "no [[window]]"),
        (ROW, ROW + "\n[more]\na = 1\n", 13, "no key 'more'"),
        (ROW, ROW + "\n[window.more]\na = 1\n", 13, "no key 'more'"),
        (ROW, "window = []", 3, "empty"),
        (ROW, "window = [{}]", 3, "missing"),
        (ROW, ROW + "\n" + ROW, 13, "another row for US"),
        (ROW, ROW + "\n" + ROW.replace('"US"', '"GB"').replace("sun = []\n", ""), 13, "sun is missing"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, line: int, says: str) -> None:
    """Whatever is wrong with a table stops it as a whole, at the line and with the reason."""
    error = mistake(changed(old, new))
    assert (error.line, says in error.reason) == (line, True), error
    assert str(error) == f"line {line}: {error.reason}"


def test_text_that_looks_like_a_row_is_not_counted() -> None:
    """A note of several lines that quotes a table does not move the line of a mistake."""
    note = 'note = """\n[[window]]\nsat = ["x"]\n"""\n'
    error = mistake(TABLE + note + "\n" + ROW.replace('"US"', '"GB"').replace("sun = []", 'sun = ["x"]'))
    assert error.line == TABLE.count("\n") + note.count("\n") + 1 + 6


def test_rows_of_one_place_may_follow_each_other() -> None:
    """The same place and purpose may have two rows, if one ends the day before the other begins."""
    first = ROW.replace("effective_from", "effective_until = 2026-06-30\neffective_from")
    second = ROW.replace("2026-01-01", "2026-07-01")
    assert len(read_table(f'version = "2026-11-22"\n{first}{second}').windows) == 2
    assert len(read_table(f'version = "2026-11-22"\n{second}{first}').windows) == 2
    early = second.replace("2026-07-01", "2026-06-30")
    assert "another row" in mistake(f'version = "2026-11-22"\n{first}{early}').reason
    assert "another row" in mistake(f'version = "2026-11-22"\n{early}{first}').reason
    other = early.replace("marketing", "other")
    assert len(read_table(f'version = "2026-11-22"\n{first}{other}').windows) == 2


def test_a_row_knows_its_days() -> None:
    """Both dates are inside; on a holiday only what the weekday allows too."""
    row = read_table(TABLE.replace("holidays = []", 'holidays = ["10:00-23:00"]')).windows[0]
    until = row.model_copy(update={"effective_until": date(2026, 12, 31)})
    inside = [until.in_effect(date.fromisoformat(d)) for d in ("2026-01-01", "2026-12-31")]
    outside = [until.in_effect(date.fromisoformat(d)) for d in ("2025-12-31", "2027-01-01")]
    assert all(inside) and not any(outside) and row.in_effect(date(2099, 1, 1))
    friday, saturday, sunday = (date(2026, 11, day) for day in (20, 21, 22))
    assert row.allowed(friday, False) == row.mon_fri == row.allowed(date(2026, 11, 23), False)
    assert (row.allowed(saturday, False), row.allowed(sunday, False)) == (row.sat, ())
    assert row.allowed(friday, True) == (Interval(600, 1260),)
    assert row.allowed(saturday, True) == (Interval(600, 720), Interval(780, 1380))
    assert row.allowed(sunday, True) == ()


def test_a_row_in_words() -> None:
    """Every kind of day, no calls as well; in short where all days are alike; always with the source."""
    row = read_table(TABLE).windows[0]
    days = "Mon-Fri 08:00-21:00, Sat 08:00-12:00 and 13:00-24:00, Sun none, holidays none"
    assert row.words == f"US: {days} (a law)"
    alike = row.model_copy(update={"sat": row.mon_fri, "sun": row.mon_fri, "holidays": row.mon_fri})
    assert alike.words == "US: every day 08:00-21:00 (a law)"


def test_a_row_may_be_for_one_day() -> None:
    """Both dates may be the same, and that day is inside."""
    day = "2026-01-01"
    row = read_table(changed(day, f"{day}\neffective_until = {day}")).windows[0]
    assert row.in_effect(date.fromisoformat(day)) and not row.in_effect(date(2026, 1, 2))


def test_intervals_may_touch() -> None:
    """One may begin where the other ends."""
    row = read_table(changed("sun = []", 'sun = ["08:00-12:00", "12:00-13:00"]')).windows[0]
    assert row.sun == (Interval(480, 720), Interval(720, 780))


def test_an_interval_is_read_once() -> None:
    """What is one already stays."""
    assert parse_interval("10:00-24:00") == parse_interval(Interval(600, 1440)) == Interval(600, 1440)
    assert str(Interval(600, 1440)) == "10:00-24:00"


minutes = st.integers(0, 1439)
spans = st.tuples(minutes, minutes).filter(lambda s: s[0] < s[1]).map(lambda s: Interval(*s))


@given(st.lists(spans, max_size=3), st.lists(spans, max_size=3), minutes)
def test_an_intersection_is_what_lies_in_both(
    one: list[Interval], other: list[Interval], minute: int
) -> None:
    """A minute is in the intersection exactly if it is in both."""

    def inside(intervals: list[Interval] | tuple[Interval, ...]) -> bool:
        return any(i.start <= minute < i.end for i in intervals)

    both = intersect(tuple(one), tuple(other))
    assert inside(both) == (inside(one) and inside(other))
    assert all(interval.start < interval.end for interval in both)


def by_place(purpose: Purpose, day: date) -> dict[str, Window]:
    rows = [w for w in shipped_table().windows if purpose in w.purposes and w.in_effect(day)]
    assert len({w.jurisdiction for w in rows}) == len(rows)
    return {w.jurisdiction: w for w in rows}


def test_every_purpose_has_a_row_for_anywhere() -> None:
    """No country is without a window, and unknown purposes are marketing's."""
    today = date(2026, 11, 22)
    assert all("*" in by_place(purpose, today) for purpose in Purpose)
    assert by_place(Purpose.OTHER, today) == by_place(Purpose.MARKETING, today)
    devices = {"US-CA", "US-MN", "US-NV", "US-KY", "US-TN", "US-?"}
    assert set(by_place(Purpose.INFORMATIONAL, today)) == {"*", "CA", *devices}
    debt = {"*", "US", "CA", "CA-ON", "CA-QC", "CA-?", *devices}
    assert set(by_place(Purpose.DEBT_COLLECTION, today)) == debt


@pytest.mark.parametrize("country", ["US", "CA"])
@pytest.mark.parametrize("purpose", Purpose)
def test_an_unknown_state_is_as_strict_as_every_state(purpose: Purpose, country: str) -> None:
    """The row for an unknown state lies inside each state's row, on every kind of day."""
    places = by_place(purpose, date(2026, 11, 27))
    unknown = places.get(f"{country}-?") or places[country]
    for row in (row for place, row in places.items() if place.startswith(country)):
        for kind in ("mon_fri", "sat", "sun", "holidays"):
            hours = getattr(unknown, kind)
            assert intersect(hours, getattr(row, kind)) == hours, (row.jurisdiction, kind)


def test_pennsylvania_has_no_sundays_since_their_ban() -> None:
    """The row that ends and the row that begins meet without a gap."""
    before, after = (by_place(Purpose.MARKETING, date(2026, 10, day))["US-PA"] for day in (17, 18))
    assert before.sun and not after.sun


def test_every_state_was_looked_up() -> None:
    """Each has its row, if only to say that none stricter was found; so nothing is left out by mistake."""
    states = {f"US-{state}" for _, state, _ in by_hand.area_codes()}
    territories = {"US-PR", "US-VI", "US-GU", "US-MP", "US-AS"}
    assert states - territories <= set(by_place(Purpose.MARKETING, date(2026, 11, 27)))


def test_every_shipped_row_says_how_its_source_was_read() -> None:
    """And on which day; in a table of one's own both may be left out."""
    rows = shipped_table().windows
    assert all(row.verified and row.checked_on and row.checked_on <= date(2026, 11, 27) for row in rows)
    assert {row.verified for row in rows} == {"primary", "secondary", "own"}
    (row,) = read_table(TABLE).windows
    assert (row.verified, row.checked_on, row.only_national_holidays) == (None, None, False)


def test_a_ban_has_no_hour_of_any_day() -> None:
    """One hour on one kind of day is enough to make it none."""
    row = read_table(TABLE).windows[0]
    nothing = dict.fromkeys(("mon_fri", "sat", "sun", "holidays"), ())
    assert row.model_copy(update=nothing).is_ban
    for day in nothing:
        assert not row.model_copy(update={**nothing, day: (Interval(600, 660),)}).is_ban


def test_the_documentation_has_the_table_that_is_shipped() -> None:
    """Each row of docs/policy.md says what the shipped table says, and none is missing."""
    text = (Path(__file__).parents[3] / "docs" / "policy.md").read_text()
    shown = re.findall(r"^\| (`[^`]+`(?: \| [^|]*){7}) \|$", text, re.MULTILINE)
    assert shown == [as_documented(row) for row in shipped_table().windows]
    assert f"version {shipped_table().version}" in text


def as_documented(row: Window) -> str:
    days = (row.mon_fri, row.sat, row.sun, row.holidays)
    since = f"from {row.effective_from} " if row.effective_from.year > 2025 else ""
    until = f"until {row.effective_until} " if row.effective_until else ""
    why = " ".join(filter(None, (f"{since}{until}".strip(), row.source, row.note and f"({row.note})")))
    hours = (", ".join(map(str, day)) or "—" for day in days)
    read = f"{row.verified}, {row.checked_on}"
    return " | ".join([f"`{row.jurisdiction}`", ", ".join(p.label for p in row.purposes), *hours, why, read])
