"""Lets acknowledgements go first: Slack waits three seconds for one, and shows the person an error after."""

from __future__ import annotations

import asyncio

_LULL = 0.002
_LONGEST = 0.25


class Lull:
    """A moment in which nothing new comes in.

    What a listener does after its acknowledgement takes longer than the acknowledgement itself. In a burst
    it waits until the burst is over, in its turn, and never longer than a quarter of a second.
    """

    def __init__(self) -> None:
        self._disturbed_at = 0.0
        self._turn = asyncio.Lock()

    def disturb(self) -> None:
        """Something came in."""
        self._disturbed_at = asyncio.get_running_loop().time()

    async def wait(self) -> None:
        """Return in a lull, one caller after the other."""
        now = asyncio.get_running_loop().time
        latest = now() + _LONGEST
        async with self._turn:
            # Nothing could set an event: nothing coming in is what is waited for.
            while (left := min(self._disturbed_at + _LULL, latest) - now()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(left)
