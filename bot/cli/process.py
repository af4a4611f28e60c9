"""The bot as a process: it runs until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal
from contextlib import suppress

import structlog

from bot.app import callgate
from bot.ops.settings import Settings

log = structlog.get_logger()


async def run_until_stopped(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. A stop wins over a start: what is not at work yet never will be."""
    stop, at_work = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(_run(settings, stop, at_work))

    def told_to_stop() -> None:
        log.info("stopping")
        stop.set()
        if not at_work.is_set():
            running.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told_to_stop)
    with suppress(asyncio.CancelledError):
        await running
    log.info("stopped")


async def _run(settings: Settings, stop: asyncio.Event, at_work: asyncio.Event) -> None:
    async with callgate(settings):
        at_work.set()
        # Modules and tables stay: to look at all of them takes the garbage collector a tenth of a second,
        # in which nothing is acknowledged, three times a second under load. With thousands of calls in
        # progress it would look at new objects, nearly all of which are gone by then, all the time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        await stop.wait()
