"""Tells whoever listens that something changed, and lets a caller wait for a change."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Found = TypeVar("Found")

# A predicate may look at things that do not report here, so it is asked again at least this often.
ASK_AGAIN_SECONDS = 0.05
# For each second that a predicate takes, it is left alone for so many.
REST_FACTOR = 4


@dataclass(frozen=True)
class Change:
    """Something happened: `kind` names it, `data` is plain JSON-like data about it."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)


class Changes:
    """The changes of one emulator, in order. The latest 10,000 are kept in `history`."""

    def __init__(self) -> None:
        self.history: deque[Change] = deque(maxlen=10_000)
        self._listeners: list[Callable[[Change], object]] = []

    def subscribe(self, listener: Callable[[Change], object] | asyncio.Queue[Change]) -> Callable[[], None]:
        """Pass every later change to the listener (or put it in the queue); call the result to stop that."""
        receive = listener.put_nowait if isinstance(listener, asyncio.Queue) else listener
        self._listeners.append(receive)
        return lambda: self._listeners.remove(receive)

    def tell(self, kind: str, **data: Any) -> None:
        """Record a change and pass it on."""
        change = Change(kind, data)
        self.history.append(change)
        for listener in list(self._listeners):
            listener(change)

    async def until(
        self, predicate: Callable[[], Found], seconds: float, describe: Callable[[], str]
    ) -> Found:
        """Wait until the predicate is true and return what it returned; AssertionError when time is up."""
        woken = asyncio.Event()
        unsubscribe = self.subscribe(lambda change: woken.set())
        try:
            return await self._until(predicate, time.monotonic() + seconds, woken, describe)
        finally:
            unsubscribe()

    async def _until(
        self,
        predicate: Callable[[], Found],
        deadline: float,
        woken: asyncio.Event,
        describe: Callable[[], str],
    ) -> Found:
        started = time.monotonic()
        while not (found := predicate()):
            asked = time.monotonic()
            if asked > deadline:
                raise AssertionError(f"waited in vain; this is how things stand:\n{describe()}")
            woken.clear()
            # A predicate that reads thousands of messages must not be asked after every one of them.
            await asyncio.sleep((asked - started) * REST_FACTOR)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), ASK_AGAIN_SECONDS)
            started = time.monotonic()
        return found
