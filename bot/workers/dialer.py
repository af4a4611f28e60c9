"""Dials approved requests, and stops dialing while PolyAI refuses everything."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.domain.answer import SHOWS_ACCESS, Answer, Conclusion
from bot.domain.backoff import backoff
from bot.domain.call_request import CallRequest
from bot.service.calls import CallService
from bot.service.ports import CallStore, Clock
from bot.workers.worker import Tasks, Worker

log = structlog.get_logger()

MAX_AT_ONCE = 10
_IDLE = 30.0


class Dialer:
    """Claims what is due and places it. While held, one call at a time is tried."""

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
        """Whether PolyAI refused the last call for a reason that holds for every call."""
        return self._refusals > 0

    def hold(self) -> None:
        """Begin as the last process ended: with PolyAI refusing everything."""
        self._refusals = 1

    async def step(self) -> float:
        """Start what is due; returns the seconds until something else will be."""
        if wait := self._still_waiting():
            return wait
        if len(self.dials) >= self._most:
            return _IDLE  # the end of a dial wakes us
        # Those that we have begun to dial may still be among them.
        for request in await self._store.dialable(self._clock.now(), self._most + len(self.dials)):
            if len(self.dials) < self._most and request.id not in self.dials:
                self.dials.start(request.id, self._dial(request))
        return _IDLE if self.dials else await self._until_next()

    async def stop(self) -> None:
        """Start no more, and wait for the dials under way."""
        await self.worker.stop()
        await self.dials.drain()

    @property
    def _most(self) -> int:
        return 1 if self.held else MAX_AT_ONCE

    async def _dial(self, request: CallRequest) -> None:
        answer = await self._service.dial(request)
        if answer is not None:
            self._hold_or_go_on(answer)

    def _hold_or_go_on(self, answer: Answer) -> None:
        if answer.conclusion is Conclusion.HELD:
            self._refusals += 1
            log.error("dialing_held", http_status=answer.http_status, reason=answer.message)
            self._wait(backoff(self._refusals, first=15.0, limit=300.0))
        elif answer.conclusion is Conclusion.NOT_ACCEPTED:
            self._wait(answer.retry_after or 1.0)
        elif answer.conclusion in SHOWS_ACCESS:
            self._refusals = 0

    def _wait(self, seconds: float) -> None:
        self._wait_until = self._clock.now() + timedelta(seconds=seconds)

    def _still_waiting(self) -> float:
        if self._wait_until is None:
            return 0.0
        return max(0.0, (self._wait_until - self._clock.now()).total_seconds())

    async def _until_next(self) -> float:
        at = await self._store.next_dial()
        if at is None:
            return _IDLE
        return min(_IDLE, max(0.0, (at - self._clock.now()).total_seconds()))
