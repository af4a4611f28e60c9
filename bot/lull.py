"""Lets acknowledgements go first: Slack waits three seconds for one, and shows the person an error after."""

from __future__ import annotations

import asyncio

GAP = 0.005
LONGEST = 0.25


class Lull:
    """The end of a burst: nothing came in for 5 ms.

    What a listener does after its acknowledgement takes longer than the acknowledgement itself. In a burst
    it waits until the burst is over, in its turn, and never longer than a quarter of a second. What comes
    in alone waits for nothing.
    """

    def __init__(self, gap: float = GAP, longest: float = LONGEST) -> None:
        self._gap, self._longest = gap, longest
        self._came_at = self._burst_until = float("-inf")
        self._turn = asyncio.Lock()

    def came(self) -> None:
        """Something came in."""
        now = asyncio.get_running_loop().time()
        if now < self._came_at + self._gap:
            self._burst_until = now + self._gap
        self._came_at = now

    async def wait(self) -> None:
        """Return when there is no burst, one caller after the other."""
        now = asyncio.get_running_loop().time
        latest = now() + self._longest
        async with self._turn:
            # Nothing could set an event: nothing coming in is what is waited for.
            while (left := min(self._burst_until, latest) - now()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(left)
