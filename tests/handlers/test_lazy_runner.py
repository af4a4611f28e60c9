"""A listener that Bolt runs after its acknowledgement is not lost, and is waited for at the end."""

from __future__ import annotations

import asyncio
import gc
import logging

from slack_bolt.request.async_request import AsyncBoltRequest

from handlers.lazy_runner import LazyRunner


async def test_what_goes_on_is_waited_for() -> None:
    """Stopping returns when the last listener is done, also one that the garbage collector came by."""
    runner, go_on, done = LazyRunner(logging.getLogger("test")), asyncio.Event(), list[str]()

    async def listener() -> None:
        await go_on.wait()
        done.append("done")

    for _ in range(3):
        runner.start(listener, AsyncBoltRequest(body={}, mode="socket_mode"))
    await asyncio.sleep(0)
    gc.collect()
    stopping = asyncio.create_task(runner.drain())
    await asyncio.sleep(0.01)
    assert not stopping.done() and done == []
    go_on.set()
    await stopping
    assert done == ["done"] * 3
