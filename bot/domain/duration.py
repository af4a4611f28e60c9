"""Durations as people write them: `90s`, `30m`, `4h`, `2d`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_WRITTEN = re.compile(r"([0-9]{1,6})([smhd])\Z")


def read_duration(value: object) -> object:
    """The duration that was written; a timedelta is returned as it is.

    Raises:
        ValueError: it is not a duration, or it is zero.
    """
    if isinstance(value, timedelta):
        return value
    match = _WRITTEN.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("write a number and s, m, h or d, for example 4h")
    duration = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if not duration:
        raise ValueError("must be more than zero")
    return duration


def written(duration: timedelta) -> str:
    """In words: `7 days`, `24 hours`, `90 minutes`; in the largest unit of which it is two or more."""
    seconds = int(duration.total_seconds())
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        if seconds % size == 0 and seconds >= 2 * size:
            return f"{seconds // size} {name}s"
    return f"{seconds} second"


Duration = Annotated[timedelta, BeforeValidator(read_duration)]
