"""Follows placed calls: asks PolyAI every few seconds until the outcome is known."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.answer import PollResult, StatusAnswer
from bot.domain.backoff import backoff
from bot.domain.call_status import CallInProgress
from bot.service.calls import CallService
from bot.service.ports import CallStore, Clock
from bot.workers.worker import Tasks, Worker

log = structlog.get_logger()

MAX_AT_ONCE = 400
"""Polls under way: 2,000 a second if PolyAI takes 0.2 s to answer. So many are seldom needed."""

MANY = 10_000
"""With this many calls or more, each is polled as seldom as the contract allows."""

FIRST_MINUTE = timedelta(minutes=1)
"""A call that PolyAI does not know yet, so soon after its placement, is polled at the usual pace."""

A_MOMENT = timedelta(seconds=5)

_TICK = 0.02
"""The shortest sleep: what becomes due during it is polled together."""

_WHILE_ASKING = 1.0
"""The longest sleep with polls under way: when one ends, its call is due again two seconds later or more."""

_IDLE = 30.0


class Poller:
    """Keeps the timetable in memory; it is rebuilt from the database at the start, oldest calls first.

    A poll without news touches nothing but the timetable.
    """

    def __init__(
        self, service: CallService, store: CallStore, clock: Clock, polled: Callable[[PollResult], None]
    ) -> None:
        self.worker = Worker("poller", self.step, clock)
        self._service = service
        self._store = store
        self._clock = clock
        self._polled = polled
        self._asking = Tasks(lambda: None)
        self._numbers = itertools.count()
        self._timetable: list[tuple[datetime, str]] = []
        self._due = deque[str]()
        self._followed: dict[str, CallInProgress] = {}
        self._failures: dict[str, int] = {}
        self._seen_until: datetime | None = None
        self._next_look = self._now = clock.now()

    def look(self) -> None:
        """There may be a call in progress that is not polled yet."""
        self._next_look = self._clock.now()
        self.worker.wake()

    async def step(self) -> float:
        """Poll every call that is due; returns the seconds until another will be."""
        self._follow_the_clock()
        if self._next_look <= self._now:
            await self._take_up_new()
        while self._timetable and self._timetable[0][0] <= self._now:
            self._due.append(heapq.heappop(self._timetable)[1])
        for _ in range(min(len(self._due), MAX_AT_ONCE - len(self._asking))):
            self._asking.start(f"poll {next(self._numbers)}", self._ask())
        longest = _WHILE_ASKING if self._asking else _IDLE
        if not self._timetable:
            return longest
        return min(longest, max(_TICK, (self._timetable[0][0] - self._now).total_seconds()))

    async def stop(self) -> None:
        """Start no more polls, and wait for those under way."""
        await self.worker.stop()
        self._due.clear()
        await self._asking.drain()

    async def _take_up_new(self) -> None:
        self._next_look = self._now + timedelta(seconds=_IDLE)
        for call in await self._store.placed_since(self._seen_until):
            self._seen_until = call.placed_at
            if call.id not in self._followed:
                self._followed[call.id] = call
                heapq.heappush(self._timetable, (self._now, call.id))

    def _follow_the_clock(self) -> None:
        """If the clock was set back, what is due seems far off, and new calls seem older than those seen."""
        now = self._clock.now()
        if now < self._now:
            self._timetable = sorted((now, request_id) for _, request_id in self._timetable)
            self._next_look = now
        if self._seen_until is not None and now < self._seen_until:
            self._seen_until = now - A_MOMENT
        self._now = now

    async def _ask(self) -> None:
        """One poll after the other, as long as any is due."""
        while self._due:
            call = self._followed[self._due.popleft()]
            try:
                followed, answer = await self._service.follow(call)
            except Exception:
                log.exception("poll_failed", request=call.id)
                self._schedule(call, self._pause(call))
                continue
            self._polled(answer.result)
            if followed is None:
                del self._followed[call.id]
                self._failures.pop(call.id, None)
            else:
                self._schedule(followed, self._next_wait(call, answer))

    def _schedule(self, call: CallInProgress, wait: float) -> None:
        self._followed[call.id] = call
        heapq.heappush(self._timetable, (self._clock.now() + timedelta(seconds=wait), call.id))

    def _next_wait(self, call: CallInProgress, answer: StatusAnswer) -> float:
        """The contract asks for a poll every 2 to 5 seconds, and for exponential backoff on errors."""
        is_young = self._clock.now() - call.placed_at < FIRST_MINUTE
        if answer.result is PollResult.STATUS or is_young:
            self._failures.pop(call.id, None)
            # 2 to 4 seconds; the more calls there are, the nearer to 5, but with room for a busy moment.
            crowded = min(1.0, len(self._followed) / MANY)
            wait = random.uniform(2.0 + 2.1 * crowded, 4.0 + 0.6 * crowded)  # noqa: S311 - jitter
        else:
            wait = self._pause(call)
        return max(answer.retry_after or 0.0, wait)

    def _pause(self, call: CallInProgress) -> float:
        self._failures[call.id] = self._failures.get(call.id, 0) + 1
        return backoff(self._failures[call.id], first=5.0, limit=60.0)
