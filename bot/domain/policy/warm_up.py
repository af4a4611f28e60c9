"""Loads every table that the first form would otherwise wait for."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.ask import Purpose
from bot.domain.countries import find_countries
from bot.domain.phone_number import parse_phone_number
from bot.domain.policy.dialing_policy import DialingPolicy
from bot.domain.policy.hours import hours
from bot.domain.policy.jurisdictions import jurisdictions_of
from bot.domain.policy.zones import find_zones, zones_of


def warm_up(policy: DialingPolicy) -> None:
    """Phone numbers, countries, time zones, holidays and calling windows."""
    number = parse_phone_number("+16176451984", None)
    places, zones = jurisdictions_of(number.e164, number.region, None), zones_of(number.e164)
    for purpose in Purpose:
        hours(policy.windows, places, zones, purpose, datetime.now(UTC))
    find_countries("a")
    find_zones("a")
