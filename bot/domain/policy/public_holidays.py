"""Which days are public holidays, from the `holidays` library."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import holidays


def is_holiday(country: str, parts: frozenset[str] | None, day: date) -> bool:
    """Whether it is a public holiday there, or the working day that one is moved to.

    `parts` are the states or provinces that it may be in. If the library does not know one of them, or none
    is named, the holidays of every part count. With None only those of the whole country do. For the few
    countries that the library does not have, no holidays are known.
    """
    return day in _holidays(country, parts, day.year)


@lru_cache(maxsize=512)
def _holidays(country: str, parts: frozenset[str] | None, year: int) -> frozenset[date]:
    try:
        known = frozenset(holidays.country_holidays(country).subdivisions)
    except NotImplementedError:  # a country that the library does not have
        return frozenset()
    wanted = parts if parts is None or (parts and parts <= known) else known
    calendars = [
        holidays.country_holidays(country, subdiv=part, years=year) for part in (None, *(wanted or ()))
    ]
    pennsylvania = _of_pennsylvania(year) if country == "US" and wanted and "PA" in wanted else ()
    return frozenset({*(day for calendar in calendars for day in calendar), *pennsylvania})


def _of_pennsylvania(year: int) -> Iterator[date]:
    """Its legal holidays that the library leaves out, by https://dnc.com/holiday-alerts?year=2023."""
    yield from holidays.country_holidays("US", years=year, categories="unofficial").get_named("Good Friday")
    yield date(year, 6, 14)  # Flag Day
    november = date(year, 11, 2)
    yield november + timedelta(days=(1 - november.weekday()) % 7)  # Election Day, a Tuesday
