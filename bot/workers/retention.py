"""Deletes, once a day, what has been kept long enough."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.domain.policy.record_keeping import Keeping
from bot.service.ports import Clock
from bot.workers.worker import Worker
from storage.retention.purge import Purged, Purges

log = structlog.get_logger()

EVERY = timedelta(days=1)
_LOOK_EVERY = 3600.0
_CLOCK_IN_DOUBT = 2.0


class Retention:
    """Looks every hour whether a day has passed since the last time, also of an earlier process."""

    def __init__(self, purges: Purges, keeping: Keeping, clock: Clock) -> None:
        self.worker = Worker("retention", self.step, clock)
        self._purges = purges
        self._keeping = keeping
        self._clock = clock

    async def step(self) -> float:
        """Delete what is due, if it is time and the clock is not in doubt."""
        if self._clock.doubt():
            return _CLOCK_IN_DOUBT
        now, last = self._clock.now(), await self._purges.last()
        if last is not None and last <= now < last + EVERY:
            return _LOOK_EVERY
        purged = Purged()
        while some := await self._purges.some(self._keeping, now):
            purged += some
        await self._purges.finish(now)
        if purged:
            log.info("purged", requests=purged.requests, messages=purged.messages)
        return _LOOK_EVERY
