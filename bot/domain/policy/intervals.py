"""Spans of a local day, in minutes after midnight."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_WRITTEN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_DAY = 24 * 60


@dataclass(frozen=True, order=True)
class Interval:
    """From `start` (inside) to `end` (outside), in minutes after midnight: 0 to 1440."""

    start: int
    end: int

    def __str__(self) -> str:
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.start, self.end))


def parse_interval(text: object) -> Interval:
    """Read `10:00-13:00`; the end may be 24:00.

    Raises:
        ValueError: it is not an interval.
    """
    if isinstance(text, Interval):
        return text
    match = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"{text!r} is not an interval: write it like 09:00-21:00")
    hour, minute, end_hour, end_minute = map(int, match.groups())
    interval = Interval(hour * 60 + minute, end_hour * 60 + end_minute)
    if max(minute, end_minute) > 59 or interval.end > _DAY:
        raise ValueError(f"{text!r} has a time that no clock shows")
    if interval.end <= interval.start:
        raise ValueError(f"{text!r} ends before it begins: split what goes past midnight into two")
    return interval


def check_apart(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """The intervals as given.

    Raises:
        ValueError: they overlap, or are not in order.
    """
    for one, after in pairwise(intervals):
        if after.start < one.end:
            raise ValueError(f"{one} and {after} overlap or are not in order")
    return intervals


def intersect(one: tuple[Interval, ...], other: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """What lies in both, in order."""
    pairs = ((max(a.start, b.start), min(a.end, b.end)) for a in one for b in other)
    return tuple(sorted(Interval(start, end) for start, end in pairs if start < end))
