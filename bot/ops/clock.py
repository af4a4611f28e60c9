"""The machine's clock, held against Slack's; the tests have one that is turned by hand."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta

_SLEW = timedelta(seconds=2)
"""More than a clock is ever corrected by in small steps between two looks at it; what is more, was set."""

AGREES_WITHIN = timedelta(minutes=5)
"""How far Slack's time and ours may be apart: as far as a signature of Slack's is good for."""


class SystemClock:
    """The machine's clock, whose steps are followed only where Slack's clock takes them too.

    What has passed is told by a clock that nobody can set, and that runs on while the machine sleeps
    (CLOCK_BOOTTIME). So a clock that is set forward ends nothing, and one that is set back holds up nothing.
    """

    def __init__(self) -> None:
        self._base, self._began = datetime.now(UTC), _steady()
        self._slack: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """The time, in UTC."""
        wall, ours = datetime.now(UTC), self._base + timedelta(seconds=_steady() - self._began)
        slack = self._slacks_time()
        follows = abs(wall - ours) <= _SLEW or (slack is not None and abs(wall - slack) <= AGREES_WITHIN)
        if not follows:
            return ours
        self._base, self._began = wall, _steady()
        return wall

    def heard(self, slack: datetime) -> None:
        """Slack said that this is the time now."""
        self._slack = slack, _steady()

    def doubt(self) -> str:
        """Why this time is not to be relied on; empty where Slack's clock agrees with it."""
        slack = self._slacks_time()
        if slack is None:
            return "Slack has not said yet what time it is"
        off = self.now() - slack
        if abs(off) <= AGREES_WITHIN:
            return ""
        minutes = round(abs(off).total_seconds() / 60)
        direction = "ahead of" if off > timedelta() else "behind"
        return f"this machine's clock is {minutes:,} minutes {direction} Slack's: set it"

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Return when the event is set, or after so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        await asyncio.sleep(seconds)

    def _slacks_time(self) -> datetime | None:
        if self._slack is None:
            return None
        told, then = self._slack
        return told + timedelta(seconds=_steady() - then)


def _steady() -> float:
    """Seconds since some moment, those in which the machine slept too; only Linux has CLOCK_BOOTTIME."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
