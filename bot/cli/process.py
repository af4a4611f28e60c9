"""The bot as a process: it runs until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal

import structlog

from bot.app import callgate
from bot.ops.settings import Settings

log = structlog.get_logger()


async def run_until_stopped(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with callgate(settings):
        # Modules and tables stay: to look at all of them takes the garbage collector a tenth of a second,
        # in which nothing is acknowledged, three times a second under load. With thousands of calls in
        # progress it would look at new objects, nearly all of which are gone by then, all the time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        await stop.wait()
        log.info("stopping")
    log.info("stopped")
