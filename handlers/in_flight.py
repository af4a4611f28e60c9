"""Keeps the listeners at work: each answers Slack as soon as it acknowledges, and goes on by itself.

Bolt's own way is to look every 10 ms whether a listener has acknowledged. Here it waits for the listener
(`process_before_response`), which returns to it with the acknowledgement. Bolt keeps no reference to what
goes on after that; stopping has to wait for it.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any

from bot import crash_points
from bot.lull import Lull
from handlers.refusals import unexpected

Listener = Callable[..., Awaitable[None]]
Acknowledged = asyncio.Future[None]


class InFlight:
    """The listeners at work."""

    def __init__(self, lull: Lull) -> None:
        self._at_work: set[asyncio.Task[None]] = set()
        self._lull = lull

    def tracked(self, listener: Listener) -> Listener:
        """The same listener, which returns when it has acknowledged."""

        @functools.wraps(listener)
        async def until_acknowledged(*args: Any, **kwargs: Any) -> None:
            acknowledged: Acknowledged = asyncio.get_running_loop().create_future()
            ack = self._telling(acknowledged, kwargs["ack"], listener)
            work = asyncio.create_task(_run(listener(*args, **{**kwargs, "ack": ack}), acknowledged))
            self._at_work.add(work)
            work.add_done_callback(self._at_work.discard)
            with self._lull.until_acknowledged():
                await acknowledged

        return until_acknowledged

    async def drain(self) -> None:
        """Return when none is at work."""
        while self._at_work:
            await asyncio.wait(self._at_work)

    def _telling(self, acknowledged: Acknowledged, ack: Listener, listener: Listener) -> Listener:
        """The acknowledgement, which lets Bolt answer before the listener goes on."""

        async def acknowledge(*args: Any, **kwargs: Any) -> None:
            with crash_points.around(f"ack of {listener.__qualname__}"):
                await ack(*args, **kwargs)
                _settle(acknowledged)
                await asyncio.sleep(0)  # Bolt was woken first: here the answer is on its way
            await self._lull.wait()

        return acknowledge


async def _run(listening: Awaitable[None], acknowledged: Acknowledged) -> None:
    try:
        await listening
    except Exception as error:
        if acknowledged.done():
            unexpected()
        else:
            acknowledged.set_exception(error)
    _settle(acknowledged)


def _settle(acknowledged: Acknowledged) -> None:
    if not acknowledged.done():
        acknowledged.set_result(None)
