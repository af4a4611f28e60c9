"""Which rows of the table apply on a day, and what they leave of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache, reduce

from bot.domain.ask import Purpose
from bot.domain.policy.intervals import Interval, intersect
from bot.domain.policy.jurisdictions import ANYWHERE, country_of, part_of
from bot.domain.policy.public_holidays import is_holiday
from bot.domain.policy.windows import Window, WindowTable


@lru_cache(maxsize=4096)
def rules_on(
    table: WindowTable, jurisdictions: frozenset[str], purpose: Purpose, day: date
) -> tuple[Window, ...]:
    """The rows that apply on a local day, the most specific last: of anywhere, of a country, of a state."""
    rows = {
        row
        for country in _countries(jurisdictions)
        for row in _of_country(table, jurisdictions, country, purpose, day)
    }
    return most_specific_last(rows)


@lru_cache(maxsize=4096)
def allowed_on(
    table: WindowTable, jurisdictions: frozenset[str], purpose: Purpose, day: date
) -> tuple[Interval, ...]:
    """The hours of a local day that every row allows. None if there is a country without any row."""
    countries = [
        _allowed_in(table, jurisdictions, country, purpose, day) for country in _countries(jurisdictions)
    ]
    return reduce(intersect, countries) if countries else ()


def most_specific_last(rows: set[Window]) -> tuple[Window, ...]:
    """Rows in the order in which they are told: anywhere, countries, states."""
    return tuple(sorted(rows, key=lambda row: (row.jurisdiction != ANYWHERE, row.jurisdiction)))


def _countries(jurisdictions: frozenset[str]) -> list[str]:
    return sorted({country_of(jurisdiction) for jurisdiction in jurisdictions})


def _allowed_in(
    table: WindowTable, jurisdictions: frozenset[str], country: str, purpose: Purpose, day: date
) -> tuple[Interval, ...]:
    rows = list(_of_country(table, jurisdictions, country, purpose, day))
    parts = frozenset(part_of(j) for j in jurisdictions if country_of(j) == country and part_of(j))
    of_parts, of_country = is_holiday(country, parts, day), is_holiday(country, None, day)
    hours = (row.allowed(day, of_country if row.only_national_holidays else of_parts) for row in rows)
    return reduce(intersect, hours) if rows else ()


def _of_country(
    table: WindowTable, jurisdictions: frozenset[str], country: str, purpose: Purpose, day: date
) -> Iterator[Window]:
    """A country's own rows with those of its parts; where it has none, the rows for anywhere."""
    current = [row for row in table.windows if purpose in row.purposes and row.in_effect(day)]
    applying = [row for row in current if row.jurisdiction in jurisdictions]
    own = [row for row in applying if country_of(row.jurisdiction) == country]
    yield from own or (row for row in current if row.jurisdiction == ANYWHERE)
