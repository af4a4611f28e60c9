"""The one small loop that every worker runs on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.domain.backoff import backoff
from bot.domain.errors import CallgateError
from bot.service.ports import Clock

log = structlog.get_logger()

_LONGEST_REST = 0.5

Step = Callable[[], Awaitable[float]]
"""Does what is due; returns the seconds until there may be more, unless it is woken earlier."""


class Worker:
    """Calls a step again and again; an error is logged, and the step is tried again with backoff.

    After a step it rests for `rest` times as long as the step took, even if it is woken.
    """

    def __init__(self, name: str, step: Step, clock: Clock, rest: float = 0.0) -> None:
        self.name = name
        self._step = step
        self._clock = clock
        self._wake = asyncio.Event()
        self._stopping = False
        self._failures = 0
        self._rest_factor = rest
        self._took = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start to work."""
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def halt(self) -> None:
        """Start no other step from this moment on."""
        self._stopping = True
        self._wake.set()

    async def stop(self) -> None:
        """Finish the step that is under way, and start no other."""
        self.halt()
        if self._task is not None:
            await self._task

    async def kill(self) -> None:
        """Break off the step that is under way, if there is one."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            seconds = await self._step_or_wait()
            if not self._stopping:
                await self._clock.wait(self._wake, seconds)
            if self._rest_factor and not self._stopping:
                # However often it is woken, a worker with long steps leaves time for the others.
                await asyncio.sleep(min(_LONGEST_REST, self._rest_factor * self._took))

    async def _step_or_wait(self) -> float:
        began = time.monotonic()
        try:
            seconds = await self._step()
        except Exception as error:
            self._failures += 1
            if isinstance(error, CallgateError):
                log.warning("worker_failed", worker=self.name, reason=error.sentence)
            else:
                log.exception("worker_failed", worker=self.name)
            return backoff(self._failures, first=0.5, limit=30.0)
        finally:
            self._took = time.monotonic() - began
        self._failures = 0
        return seconds


class Tasks:
    """Tasks under way, kept by name: none is lost to the garbage collector, and a name tells if it runs.

    The name of one that failed is kept for a while, so that it is not tried again at once.
    """

    def __init__(self, done: Callable[[], None]) -> None:
        self._under_way: dict[str, asyncio.Task[Any]] = {}
        self._failures: dict[str, int] = {}
        self._resting: set[str] = set()
        self._done = done

    def __len__(self) -> int:
        return len(self._under_way)

    def __contains__(self, name: str) -> bool:
        return name in self._under_way or name in self._resting

    def start(self, name: str, work: Awaitable[Any]) -> None:
        """Run it; when it ends, `done` is called. An error is logged."""
        self._under_way[name] = asyncio.ensure_future(self._run(name, work))

    async def drain(self) -> None:
        """Wait for all of them."""
        while self._under_way:
            await asyncio.wait(self._under_way.values())

    async def cancel(self) -> None:
        """Break off those that are still running."""
        left = list(self._under_way.values())
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _run(self, name: str, work: Awaitable[Any]) -> None:
        try:
            await work
        except Exception as error:
            failures = self._failures[name] = self._failures.get(name, 0) + 1
            self._resting.add(name)
            asyncio.get_running_loop().call_later(
                backoff(failures, first=0.5, limit=30.0), self._rested, name
            )
            if isinstance(error, CallgateError):
                log.warning("task_failed", task=name, reason=error.sentence)
            else:
                log.exception("task_failed", task=name)
        else:
            self._failures.pop(name, None)
        finally:
            del self._under_way[name]
            self._done()

    def _rested(self, name: str) -> None:
        self._resting.discard(name)
        self._done()
