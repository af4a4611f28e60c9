"""The bot as a process: it runs until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal

import structlog

from bot.app import Callgate
from bot.ops.settings import Settings

log = structlog.get_logger()

_NEW_OBJECTS = 20_000


async def run_until_stopped(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    callgate = Callgate(settings)
    await callgate.start()
    _keep_for_good()
    await stop.wait()
    log.info("stopping")
    await callgate.stop()
    log.info("stopped")


def _keep_for_good() -> None:
    """What is there now stays, modules and tables: the garbage collector need not look at it again.

    It takes a tenth of a second to look at all of it, in which nobody is acknowledged, and did so up to
    three times a second under load. What comes later is looked at less often than Python's own 700 new
    objects: nearly all of it is gone by then without the collector's help.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
