"""A clock whose time runs fast, and can be moved."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

START = datetime(2026, 8, 24, 15, 0, tzinfo=UTC)


class FastClock:
    """Runs `speed` times as fast as the real one; `jump` moves it and wakes whoever waits."""

    def __init__(self, speed: float = 40.0) -> None:
        self._speed = speed
        self._base = START
        self._began = time.monotonic()
        self._jumps = asyncio.Event()
        self.doubted = ""

    def now(self) -> datetime:
        return self._base + timedelta(seconds=(time.monotonic() - self._began) * self._speed)

    def time(self) -> float:
        return self.now().timestamp()

    def heard(self, slack: datetime) -> None:
        """Slack's time is the real one; here it is turned by hand."""

    def doubt(self) -> str:
        return self.doubted

    def jump(self, **by: float) -> None:
        self._base += timedelta(**by)
        self._jumps.set()
        self._jumps = asyncio.Event()

    def suspend(self, **by: float) -> None:
        """As after a machine's sleep: so much later, and nobody who waits was woken by it."""
        self._base += timedelta(**by)

    def run_at(self, speed: float) -> None:
        """From now on so many times as fast as the real one: slow enough to measure waits by."""
        self._base, self._began, self._speed = self.now(), time.monotonic(), speed

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        waiters = [asyncio.create_task(event.wait()), asyncio.create_task(self._jumps.wait())]
        try:
            timeout = seconds / self._speed
            await asyncio.wait(waiters, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in waiters:
                waiter.cancel()
            await asyncio.gather(*waiters, return_exceptions=True)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)
