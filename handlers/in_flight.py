"""Keeps count of the listeners at work: Bolt keeps none, and stopping has to wait for them."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any

from bot import crash_points

Listener = Callable[..., Awaitable[None]]


class InFlight:
    """The listeners at work."""

    def __init__(self) -> None:
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    def tracked(self, listener: Listener) -> Listener:
        """The same listener, counted while it runs."""

        @functools.wraps(listener)
        async def counted(*args: Any, **kwargs: Any) -> None:
            self._count += 1
            self._none.clear()
            try:
                await listener(*args, **{**kwargs, "ack": _named(kwargs["ack"], listener)})
            finally:
                self._count -= 1
                if not self._count:
                    self._none.set()

        return counted

    async def drain(self) -> None:
        """Return when none is at work."""
        await self._none.wait()


def _named(ack: Listener, listener: Listener) -> Listener:
    """The acknowledgement, with a place for a crash before and after it."""

    async def acknowledged(*args: Any, **kwargs: Any) -> None:
        with crash_points.around(f"ack of {listener.__qualname__}"):
            await ack(*args, **kwargs)

    return acknowledged
