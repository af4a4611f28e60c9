"""Whether a recipient may be called at a moment, and when next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from bot.domain.ask import Purpose
from bot.domain.policy.rules import allowed_on, most_specific_last, rules_on
from bot.domain.policy.tzdb import zone
from bot.domain.policy.windows import Window, WindowTable

HORIZON = timedelta(days=30)
"""How far the next opening is looked for."""

_DAY = timedelta(days=1)
_QUARTER = timedelta(minutes=15)  # every change of a clock since 2000 was at a quarter of an hour of UTC


@dataclass(frozen=True)
class Hours:
    """The calling window at one moment.

    `zones` by name; `earliest` and `latest` are the local times where it is earliest and latest among
    them; `rules` are the rows of the table that apply, the most specific last (none: nothing is
    allowed); `next_opening` is in UTC, the moment itself if it is open, None if there is none in
    `HORIZON`.
    """

    zones: tuple[str, ...]
    earliest: datetime
    latest: datetime
    open: bool
    rules: tuple[Window, ...]
    next_opening: datetime | None


@dataclass(frozen=True)
class _Place:
    """What stays the same while moments are tried."""

    table: WindowTable
    jurisdictions: frozenset[str]
    purpose: Purpose
    zones: tuple[str, ...]

    def is_open(self, at: datetime) -> bool:
        return all(self._is_open_in(at.astimezone(zone(name))) for name in self.zones)

    def _is_open_in(self, local: datetime) -> bool:
        minute = local.hour * 60 + local.minute
        allowed = allowed_on(self.table, self.jurisdictions, self.purpose, local.date())
        return any(interval.start <= minute < interval.end for interval in allowed)

    def starts(self, name: str, day: date) -> tuple[datetime, ...]:
        return _starts(self.table, self.jurisdictions, self.purpose, name, day)


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
        raise ValueError("Without a time zone nobody knows the recipient's time: one has to be stated.")
    if at.tzinfo is None:
        raise ValueError("The moment has no time zone.")
    local = sorted((at.astimezone(zone(name)) for name in place.zones), key=_offset)
    now_open = place.is_open(at)
    opening = at.astimezone(UTC) if now_open else _next_opening(place, at.astimezone(UTC))
    return Hours(place.zones, local[0], local[-1], now_open, _rules(place, local), opening)


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()


def _rules(place: _Place, local: list[datetime]) -> tuple[Window, ...]:
    """The rows of every date that it is somewhere among the zones."""
    days = {moment.date() for moment in local}
    rules = [rules_on(place.table, place.jurisdictions, place.purpose, day) for day in days]
    return rules[0] if len(rules) == 1 else most_specific_last({row for rows in rules for row in rows})


def _next_opening(place: _Place, at: datetime) -> datetime | None:
    """The first moment after `at` that is open: one at which the window of some zone begins."""
    later = (moment for moment in _moments(place, at) if at < moment <= at + HORIZON)
    return next((moment for moment in later if place.is_open(moment)), None)


def _moments(place: _Place, at: datetime) -> Iterator[datetime]:
    for days in range(HORIZON.days + 1):
        day = at.date() + timedelta(days=days)
        yield from sorted({moment for name in place.zones for moment in place.starts(name, day)})


@lru_cache(maxsize=16384)
def _starts(
    table: WindowTable, jurisdictions: frozenset[str], purpose: Purpose, name: str, day: date
) -> tuple[datetime, ...]:
    """The moments of a UTC day at which this zone may open: the starts of its hours, and on the day of
    a change of its clock every quarter of an hour, for the clock may skip a start or go back into the hours.
    """
    midnight = datetime.combine(day, time(), UTC)
    first, last = (midnight.astimezone(zone(name)), (midnight + _DAY).astimezone(zone(name)))
    if _offset(first) != _offset(last):
        return tuple(midnight + quarters * _QUARTER for quarters in range(96))
    moments = (
        datetime.combine(local, time(), UTC) + timedelta(minutes=interval.start) - _offset(first)
        for local in {first.date(), last.date()}
        for interval in allowed_on(table, jurisdictions, purpose, local)
    )
    return tuple(moment for moment in moments if midnight <= moment < midnight + _DAY)
