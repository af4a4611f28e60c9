"""Runs lazy listeners as Bolt does, and remembers them: Bolt keeps no reference to what it starts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from logging import Logger

from slack_bolt.lazy_listener.async_internals import to_runnable_function
from slack_bolt.lazy_listener.async_runner import AsyncLazyListenerRunner
from slack_bolt.request.async_request import AsyncBoltRequest


class LazyRunner(AsyncLazyListenerRunner):
    """Put it in the place of Bolt's own runner; `drain` it before the process ends."""

    def __init__(self, logger: Logger) -> None:
        self.logger = logger
        self._at_work: set[asyncio.Task[None]] = set()

    def start(self, function: Callable[..., Awaitable[None]], request: AsyncBoltRequest) -> None:
        """Run the listener in a task of its own."""
        work = asyncio.create_task(
            to_runnable_function(internal_func=function, logger=self.logger, request=request)
        )
        self._at_work.add(work)
        work.add_done_callback(self._at_work.discard)

    async def drain(self) -> None:
        """Return when no listener is at work."""
        while self._at_work:
            await asyncio.wait(self._at_work)
