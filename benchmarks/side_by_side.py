"""What one thing takes with few calls on record, and with many."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from benchmarks.quantiles import median

MAX_RATIO = 1.2

Timed = Callable[[], Awaitable[None]]


@dataclass
class Line:
    """Seconds it took, each time."""

    what: str
    aimed_at: bool = True
    few: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Of the medians."""
        return median(self.many) / median(self.few)

    @property
    def met(self) -> bool:
        return self.ratio <= MAX_RATIO

    async def take(self, few: Timed, many: Timed) -> None:
        """Do both; the next time the other one is first."""
        sides = [(self.few, few), (self.many, many)]
        for times, work in sides if len(self.few) % 2 else reversed(sides):
            times.append(await _seconds(work))


async def _seconds(work: Timed) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began
