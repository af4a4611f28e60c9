"""Every US area code, every quarter of an hour, the two days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from bot.domain.ask import Purpose
from bot.domain.policy.hours import hours
from bot.domain.policy.jurisdictions import jurisdictions_of
from bot.domain.policy.windows import shipped_table
from bot.domain.policy.zones import zones_of
from tests.domain.policy import by_hand

US = ("US", "PR", "VI", "GU", "MP", "AS")
SUNDAYS = {"spring": datetime(2027, 3, 14, tzinfo=UTC), "autumn": datetime(2027, 11, 7, tzinfo=UTC)}
MINUTES = range(-11 * 60, by_hand.DAY + 12 * 60, 15)  # all of the Sunday from Guam to Samoa

RESTS = ("2345678", "6421234", "6221234")  # one of them is in use behind every area code


def number_in(code: str) -> str:
    return next(f"+1{code}{rest}" for rest in RESTS if valid(f"+1{code}{rest}"))


def valid(e164: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(e164))


def region_of(e164: str) -> str:
    return phonenumbers.region_code_for_number(phonenumbers.parse(e164)) or ""


def is_us(e164: str) -> bool:
    kinds = (PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
    return region_of(e164) in US and phonenumbers.number_type(phonenumbers.parse(e164)) in kinds


def test_every_area_code_is_in_the_table_by_hand() -> None:
    """Each area code behind which the US has valid numbers stands in the table of the oracle, no other."""
    assigned = {f"{code}" for code in range(200, 1000) if any(is_us(f"+1{code}{rest}") for rest in RESTS)}
    by_code = [code for code, _, _ in by_hand.area_codes()]
    assert assigned == set(by_code) and len(by_code) == len(set(by_code))


@pytest.mark.parametrize("purpose", [Purpose.MARKETING, Purpose.INFORMATIONAL])
@pytest.mark.parametrize("season", SUNDAYS)
def test_every_area_code_at_every_quarter_of_an_hour(season: str, purpose: Purpose) -> None:
    """Open and closed, and the next opening, are what the arithmetic by hand says.

    The hours depend on nothing but the jurisdictions and zones, so each of these is judged once.
    """
    judged = set()
    for code, state, letters in by_hand.area_codes():
        number = number_in(code)
        case = jurisdictions_of(number, region_of(number), None), zones_of(number), state, letters
        if case not in judged:
            judge(*case, season, purpose)
        judged.add(case)


def judge(
    jurisdictions: frozenset[str],
    zones: frozenset[str],
    state: str,
    letters: str,
    season: str,
    purpose: Purpose,
) -> None:
    opening: datetime | None = None
    for minute in reversed(MINUTES):
        at = SUNDAYS[season] + timedelta(minutes=minute)
        found = hours(shipped_table(), jurisdictions, zones, purpose, at)
        expected = by_hand.is_open(state, letters, purpose is Purpose.MARKETING, minute, season == "spring")
        opening = at if expected else opening
        assert found.open == expected, (state, letters, at)
        assert opening is None or found.next_opening == opening, (state, letters, at)
