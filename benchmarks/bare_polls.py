"""The bare loop: asks for one status after the other with the product's HTTP client, and does nothing else.

`python -m benchmarks.bare_polls URL TOKEN CALL_SIDS SECONDS`; CALL_SIDS is a file of one a line. Prints how
many it asked for, and the seconds of CPU that took.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import uvloop

from bot.polyai.asking import new_session
from bot.polyai.outbound_calling import STATUS
from bot.workers.poller import MAX_AT_ONCE

_WARM_UP = 1.0


class BareLoop:
    """So many polls were asked for, and so much CPU they took."""

    def __init__(self, paths: Iterator[str]) -> None:
        self.polls, self.cpu_seconds = 0, 0.0
        self._paths, self._asking = paths, True

    async def run(self, base_url: str, token: str, seconds: float) -> None:
        """As many at a time as the product has under way at most."""
        async with new_session(base_url, {"X-PolyAi-Auth-Token": token}) as session:
            workers = [asyncio.create_task(self._ask(session, base_url)) for _ in range(MAX_AT_ONCE)]
            await asyncio.sleep(_WARM_UP)
            polls, cpu_seconds = self.polls, time.process_time()
            await asyncio.sleep(seconds)
            self.polls, self.cpu_seconds = self.polls - polls, time.process_time() - cpu_seconds
            self._asking = False
            await asyncio.gather(*workers)

    async def _ask(self, session: aiohttp.ClientSession, base_url: str) -> None:
        while self._asking:
            async with session.get(base_url + next(self._paths), allow_redirects=False) as response:
                await response.read()
            self.polls += self._asking


def _main(url: str, token: str, call_sids: Path, seconds: float) -> None:
    loop = BareLoop(itertools.cycle(STATUS.format(call_sid=sid) for sid in call_sids.read_text().split()))
    uvloop.run(loop.run(url, token, seconds))
    print(loop.polls, loop.cpu_seconds)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), float(sys.argv[4]))
