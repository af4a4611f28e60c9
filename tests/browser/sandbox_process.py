"""Runs the sandbox as somebody would who types `make sandbox`, and finds a browser to look at it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.bot_process import BotProcess, handed_on
from tests.support.process_world import ALWAYS_OPEN, NO_CAPS

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def chromium() -> str | None:
    """Where a Chromium is, if there is one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@contextmanager
def sandbox_process(
    folder: Path, arguments: Sequence[str] = ("-m", "bot", "sandbox", "--port", "0")
) -> Iterator[str]:
    """Run it until the end of the block; gives its address."""
    own = {"CALLGATE_CALLING_WINDOWS": str(ALWAYS_OPEN), "CALLGATE_POLICY": str(NO_CAPS)}
    env = handed_on(os.environ) | {"TMPDIR": str(folder), **own}
    process = BotProcess(env, folder / "sandbox.log", arguments)
    process.start()
    try:
        yield _aside(_address(process))
    finally:
        ended = _aside(process.terminate())
    assert ended == 0, f"the sandbox ended with {ended}:\n{process.tail()}"


async def _address(process: BotProcess) -> str:
    while process.running:
        if found := _ADDRESS.search(process.tail()):
            return found[0]
        await asyncio.sleep(0.02)
    raise AssertionError(f"the sandbox printed no address:\n{process.tail()}")


def _aside(work: Coroutine[Any, Any, Any]) -> Any:
    """Do it in a thread of its own: in this one Playwright has an event loop."""
    with ThreadPoolExecutor() as thread:
        return thread.submit(asyncio.run, work).result()
