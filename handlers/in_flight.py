"""Keeps count of the listeners at work: Bolt keeps none, and stopping has to wait for them."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any

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
                await listener(*args, **kwargs)
            finally:
                self._count -= 1
                if not self._count:
                    self._none.set()

        return counted

    async def drain(self) -> None:
        """Return when none is at work."""
        await self._none.wait()
