"""Follows placed calls: asks PolyAI every few seconds until the outcome is known."""

from __future__ import annotations

import heapq
import random
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.answer import Hearing, StatusAnswer
from bot.domain.backoff import backoff
from bot.domain.call_request import CallRequest
from bot.domain.states import Status
from bot.metrics import Metrics
from bot.ports import CallStore
from bot.service import CallService
from bot.workers.worker import Tasks, Worker

MOST_AT_ONCE = 50
FIRST_MINUTE = timedelta(minutes=1)
"""A call that PolyAI does not know yet, so soon after its placement, is asked for at the usual pace."""

A_MOMENT = timedelta(seconds=5)
_IDLE = 30.0


class Poller:
    """Keeps the timetable in memory: it is rebuilt from the database at start-up, oldest calls first."""

    def __init__(self, service: CallService, store: CallStore, clock: Clock, metrics: Metrics) -> None:
        self.worker = Worker("poller", self.step, clock)
        self._service = service
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._polls = Tasks(self.worker.wake)
        self._timetable: list[tuple[datetime, str]] = []
        self._followed: dict[str, CallRequest] = {}
        self._failures: dict[str, int] = {}
        self._seen_until: datetime | None = None
        self._looked_at = clock.now()

    async def step(self) -> float:
        """Ask for everything that is due; returns the seconds until something else will be."""
        await self._take_up_new()
        while self._timetable and len(self._polls) < MOST_AT_ONCE:
            due, request_id = self._timetable[0]
            if due > self._clock.now():
                return min(_IDLE, (due - self._clock.now()).total_seconds())
            heapq.heappop(self._timetable)
            self._polls.start(request_id, self._poll(request_id))
        return _IDLE  # the end of a poll wakes us

    async def stop(self) -> None:
        """Start no more, and wait for the polls under way."""
        await self.worker.stop()
        await self._polls.drain()

    async def _take_up_new(self) -> None:
        self._heed_the_clock()
        for request in await self._store.placed_since(self._seen_until):
            self._seen_until = request.placed_at
            if request.id not in self._followed:
                self._followed[request.id] = request
                heapq.heappush(self._timetable, (self._clock.now(), request.id))

    def _heed_the_clock(self) -> None:
        """Where it was set back, what is due seems far off, and new calls seem older than those seen."""
        now = self._clock.now()
        if now < self._looked_at:
            self._timetable = sorted((now, request_id) for _, request_id in self._timetable)
        if self._seen_until is not None and now < self._seen_until:
            self._seen_until = now - A_MOMENT
        self._looked_at = now

    async def _poll(self, request_id: str) -> None:
        wait = backoff(self._failures.get(request_id, 0) + 1, first=3.0, most=60.0)
        try:
            request, answer = await self._service.follow(self._followed[request_id])
            self._metrics.polls.labels(answer.hearing.value).inc()
            self._followed[request_id] = request
            wait = self._next_wait(request, answer)
        finally:
            self._schedule(request_id, wait)

    def _schedule(self, request_id: str, wait: float) -> None:
        if self._followed[request_id].status is Status.PLACED:
            due = self._clock.now() + timedelta(seconds=wait)
            heapq.heappush(self._timetable, (due, request_id))
        else:
            del self._followed[request_id]
            self._failures.pop(request_id, None)

    def _next_wait(self, request: CallRequest, answer: StatusAnswer) -> float:
        """The contract asks for a poll every 2 to 5 seconds, and for exponential backoff on errors."""
        if answer.hearing is Hearing.STATUS or self._is_young(request):
            self._failures[request.id] = 0
            return max(answer.retry_after or 0.0, random.uniform(2.0, 4.0))  # noqa: S311 - jitter
        self._failures[request.id] = self._failures.get(request.id, 0) + 1
        pause = backoff(self._failures[request.id], first=5.0, most=60.0)
        return max(answer.retry_after or 0.0, pause)

    def _is_young(self, request: CallRequest) -> bool:
        return request.placed_at is not None and self._clock.now() - request.placed_at < FIRST_MINUTE
