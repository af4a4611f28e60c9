"""Whether a recipient may be called at a moment, and when next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, reduce

from bot.domain.ask import Purpose
from bot.domain.policy.intervals import Interval, intersect
from bot.domain.policy.jurisdictions import ANYWHERE, country_of, part_of
from bot.domain.policy.public_holidays import is_holiday
from bot.domain.policy.tzdb import zone
from bot.domain.policy.windows import Window, WindowTable

HORIZON = timedelta(days=30)
"""How far the next opening is looked for."""

_DAY = timedelta(days=1)
_QUARTER = timedelta(minutes=15)  # every change of a clock since 2000 was at a quarter of an hour of UTC


@dataclass(frozen=True)
class Hours:
    """The calling window at one moment.

    `earliest` and `latest` are the local times where it is earliest and latest among the `zones`.
    `rules` are the rows of the table that apply, the most specific last; without any, nothing is allowed.
    `next_opening` is in UTC: the moment itself if it is open, None if there is none within `HORIZON`.
    """

    zones: tuple[str, ...]
    earliest: datetime
    latest: datetime
    open: bool
    rules: tuple[Window, ...]
    next_opening: datetime | None


@dataclass(frozen=True)
class _Place:
    """Whom the rules are about; it stays the same while moments are tried."""

    table: WindowTable
    jurisdictions: frozenset[str]
    purpose: Purpose
    zones: tuple[str, ...]

    def is_open(self, at: datetime) -> bool:
        # What counts is the time where the person is (47 CFR 64.1200(c)(1)). The number only tells in which
        # zones that may be, so the call has to be allowed in each of them.
        for local in (at.astimezone(zone(name)) for name in self.zones):
            minute = local.hour * 60 + local.minute
            allowed = _allowed_on(self.table, self.jurisdictions, self.purpose, local.date())
            if not any(interval.start <= minute < interval.end for interval in allowed):
                return False
        return True

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment after `at` (UTC) that is open: one at which the window of some zone begins."""
        for days in range(HORIZON.days + 1):
            day = at.date() + timedelta(days=days)
            starts = (_starts(self.table, self.jurisdictions, self.purpose, name, day) for name in self.zones)
            for moment in sorted({moment for of_zone in starts for moment in of_zone}):
                if at < moment <= at + HORIZON and self.is_open(moment):
                    return moment
        return None


def hours(
    table: WindowTable, jurisdictions: frozenset[str], zones: Iterable[str], purpose: Purpose, at: datetime
) -> Hours:
    """Judge a moment: open only if in every zone the local day and time is inside every row that applies.

    `jurisdictions` as `jurisdictions_of` returns them, `zones` those of the number or the stated one.

    Raises:
        ValueError: there is no zone, or the moment has none.
        LookupError: a zone does not exist.
    """
    place = _Place(table, jurisdictions, purpose, tuple(sorted(set(zones))))
    if not place.zones:
        raise ValueError("The recipient's time is not known without a time zone: state one.")
    if at.tzinfo is None:
        raise ValueError("The moment has no time zone.")
    local = sorted((at.astimezone(zone(name)) for name in place.zones), key=_offset)
    now_open = place.is_open(at)
    opening = at.astimezone(UTC) if now_open else place.next_opening(at.astimezone(UTC))
    days = {moment.date() for moment in local}  # two, where it is past midnight in one of the zones
    rows = {
        row
        for day in days
        for country in _countries(jurisdictions)
        for row in _rows_for(table, jurisdictions, country, purpose, day)
    }
    rules = sorted(rows, key=lambda row: (row.jurisdiction != ANYWHERE, row.jurisdiction))
    return Hours(place.zones, local[0], local[-1], now_open, tuple(rules), opening)


@lru_cache(maxsize=4096)
def _allowed_on(
    table: WindowTable, jurisdictions: frozenset[str], purpose: Purpose, day: date
) -> tuple[Interval, ...]:
    """The hours of a local day that every row allows; none where some country has no row at all."""
    hours: list[tuple[Interval, ...]] = []
    for country in _countries(jurisdictions):
        rows = list(_rows_for(table, jurisdictions, country, purpose, day))
        if not rows:
            return ()
        parts = frozenset(part_of(j) for j in jurisdictions if country_of(j) == country and part_of(j))
        national, any_part = is_holiday(country, None, day), is_holiday(country, parts, day)
        hours += (row.allowed(day, national if row.only_national_holidays else any_part) for row in rows)
    return reduce(intersect, hours) if hours else ()


def _countries(jurisdictions: frozenset[str]) -> list[str]:
    return sorted({country_of(jurisdiction) for jurisdiction in jurisdictions})


def _rows_for(
    table: WindowTable, jurisdictions: frozenset[str], country: str, purpose: Purpose, day: date
) -> Iterator[Window]:
    """A country's own rows with those of its parts; where it has none, the rows for anywhere."""
    current = [row for row in table.windows if purpose in row.purposes and row.in_effect(day)]
    applying = [row for row in current if row.jurisdiction in jurisdictions]
    own = [row for row in applying if country_of(row.jurisdiction) == country]
    yield from own or (row for row in current if row.jurisdiction == ANYWHERE)


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()


@lru_cache(maxsize=16384)
def _starts(
    table: WindowTable, jurisdictions: frozenset[str], purpose: Purpose, name: str, day: date
) -> tuple[datetime, ...]:
    """The moments of a UTC day at which this zone may open.

    These are the starts of its hours. On a day on which its clock changes, it is every quarter of an hour:
    the clock may skip a start, or go back into the hours.
    """
    midnight = datetime.combine(day, time(), UTC)
    first, last = (midnight.astimezone(zone(name)), (midnight + _DAY).astimezone(zone(name)))
    if _offset(first) != _offset(last):
        return tuple(midnight + quarters * _QUARTER for quarters in range(96))
    moments = (
        datetime.combine(local, time(), UTC) + timedelta(minutes=interval.start) - _offset(first)
        for local in {first.date(), last.date()}
        for interval in _allowed_on(table, jurisdictions, purpose, local)
    )
    return tuple(moment for moment in moments if midnight <= moment < midnight + _DAY)
