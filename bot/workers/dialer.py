"""Dials approved requests, and stops dialing while PolyAI refuses everything."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.domain.answer import SHOWS_ACCESS, Conclusion
from bot.domain.backoff import backoff
from bot.domain.call_request import CallRequest
from bot.service.calls import CallService
from bot.service.ports import CallStore, Clock
from bot.workers.worker import Tasks, Worker

log = structlog.get_logger()

MAX_AT_ONCE = 10
_IDLE = 30.0
_CLOCK_IN_DOUBT = 2.0
_MAX_PAUSE = 15.0


class Dialer:
    """Claims what is due and places it. While dialing is held, it tries one call at a time."""

    def __init__(self, service: CallService, store: CallStore, clock: Clock) -> None:
        self.worker = Worker("dialer", self.step, clock)
        self._service = service
        self._store = store
        self._clock = clock
        self.dials = Tasks(self.worker.wake)
        self._refusals = 0
        self._wait_until: datetime | None = None

    @property
    def held(self) -> bool:
        """Whether PolyAI refused the last call for a reason that applies to every call."""
        return self._refusals > 0

    def hold(self) -> None:
        """Start as the last process ended: with PolyAI refusing everything."""
        self._refusals = 1

    async def step(self) -> float:
        """Start what is due; returns the seconds until something else will be."""
        if self._clock.doubt():
            return _CLOCK_IN_DOUBT
        if self._wait_until is not None and (wait := self._seconds_until(self._wait_until)):
            return wait
        if len(self.dials) >= self._limit:
            return _IDLE  # the end of a dial wakes us
        # Those that are being dialed may still be among them.
        for request in await self._store.dialable(self._clock.now(), self._limit + len(self.dials)):
            if len(self.dials) < self._limit and request.id not in self.dials:
                self.dials.start(request.id, self._dial(request))
        if self.dials or (at := await self._store.next_dial()) is None:
            return _IDLE
        return min(_IDLE, self._seconds_until(at))

    async def stop(self) -> None:
        """Start no more dials, and wait for those under way."""
        await self.worker.stop()
        await self.dials.drain()

    @property
    def _limit(self) -> int:
        return 1 if self.held else MAX_AT_ONCE

    async def _dial(self, request: CallRequest) -> None:
        answer = await self._service.dial(request)
        if answer is None:
            return
        if answer.conclusion is Conclusion.HELD:
            # Our access is refused, so every other call would be refused too: try one after a while.
            self._refusals += 1
            log.error("dialing_held", http_status=answer.http_status, reason=answer.message)
            self._wait(backoff(self._refusals, first=15.0, limit=300.0))
        elif answer.conclusion is Conclusion.NOT_ACCEPTED:
            # How long this call waits is on record with it; the others try soon whether there is room again.
            self._wait(min(answer.retry_after or 1.0, _MAX_PAUSE))
        elif answer.conclusion in SHOWS_ACCESS:
            self._refusals = 0

    def _wait(self, seconds: float) -> None:
        self._wait_until = self._clock.now() + timedelta(seconds=seconds)

    def _seconds_until(self, at: datetime) -> float:
        return max(0.0, (at - self._clock.now()).total_seconds())
