"""Lets acknowledgements go first: Slack waits three seconds for one, and shows the person an error after."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

GAP = 0.005
LONGEST = 0.25


class Lull:
    """The end of a burst: nothing came in for 5 ms, and at most one is not acknowledged yet.

    What a listener does after its acknowledgement takes longer than the acknowledgement itself. In a burst
    it waits until the burst is over, in its turn, and never longer than a quarter of a second. What comes
    in alone waits for nothing.
    """

    def __init__(self, gap: float = GAP, longest: float = LONGEST) -> None:
        self._gap, self._longest = gap, longest
        self._came_at = self._burst_until = float("-inf")
        self._unacknowledged = 0
        self._turn = asyncio.Lock()

    @contextmanager
    def until_acknowledged(self) -> Iterator[None]:
        """Something has come in, and is acknowledged at the end."""
        now = _now()
        if now < self._came_at + self._gap:
            self._burst_until = now + self._gap
        self._came_at = now
        self._unacknowledged += 1
        try:
            yield
        finally:
            if self._unacknowledged > 1:
                self._burst_until = _now() + self._gap
            self._unacknowledged -= 1

    async def wait(self) -> None:
        """Return when there is no burst, one caller after the other."""
        latest = _now() + self._longest
        async with self._turn:
            # Nothing could set an event: nothing coming in is what is waited for.
            while (left := min(self._over_at(), latest) - _now()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(left)

    def _over_at(self) -> float:
        return _now() + self._gap if self._unacknowledged > 1 else self._burst_until


def _now() -> float:
    return asyncio.get_running_loop().time()
