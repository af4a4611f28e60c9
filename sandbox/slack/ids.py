"""Makes ids that look like Slack's and still tell whose they are, and timestamps that never repeat."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

LENGTH = 9


class Ids:
    """Ids such as U0ALICE00. No two are the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers = itertools.count(1)

    def make(self, prefix: str, name: str = "") -> str:
        """Make an id from a prefix such as "U" and a name."""
        stem = f"{prefix}0{re.sub('[^A-Z0-9]', '', name.upper())[:12]}"
        made = stem.ljust(LENGTH, "0") if name else f"{stem}{next(self._numbers):07}"
        while made in self._taken:
            made = f"{stem}{next(self._numbers):03}".ljust(LENGTH, "0")
        self._taken.add(made)
        return made


class Stamps:
    """Message timestamps: seconds and microseconds of the clock, each later than the one before."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0

    def next(self) -> str:
        """Make the timestamp for something that happens now."""
        self._last = max(int(self._now() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06}"
