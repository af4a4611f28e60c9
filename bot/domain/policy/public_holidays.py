"""Which days are public holidays, from the `holidays` library."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays


def is_holiday(country: str, parts: frozenset[str], day: date) -> bool:
    """Whether it is a public holiday there, also one that is moved to a working day.

    `parts` are the states or provinces it may be in; of one that the library does not know, and of a
    country where none is named, the holidays of every part count. No holidays are known of the few
    countries that the library does not have.
    """
    return day in _holidays(country, parts, day.year)


@lru_cache(maxsize=512)
def _holidays(country: str, parts: frozenset[str], year: int) -> frozenset[date]:
    try:
        known = frozenset(holidays.country_holidays(country).subdivisions)
    except NotImplementedError:  # a country that the library does not have
        return frozenset()
    wanted = parts if parts and parts <= known else known
    calendars = (holidays.country_holidays(country, subdiv=part, years=year) for part in (None, *wanted))
    return frozenset(day for calendar in calendars for day in calendar)
