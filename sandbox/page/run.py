"""Runs the sandbox with its page until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from sandbox.page.real_tokens import real_tokens_in
from sandbox.page.server import Page
from sandbox.polyai.calls import Step
from sandbox.sandbox import Sandbox

DEFAULT_PORT = 8400

PROGRESS: list[Step] = [(0.0, "queued", ""), (4.0, "calling", ""), (12.0, "success", "")]
"""How a call goes while somebody watches, unless they press the buttons."""


async def run_page(environment: Mapping[str, str], port: int) -> bool:
    """Serve the page until SIGTERM or Ctrl-C; returns whether it could be started."""
    console = Console(highlight=False, soft_wrap=True)
    real = real_tokens_in(environment)
    if real:
        console.print(
            f"{', '.join(real)} looks like a real token, and the sandbox must not see one. Unset it."
        )
        return False
    sandbox = Sandbox(environment, PROGRESS)
    page = Page(sandbox)
    told_to_stop = _told_to_stop()
    try:
        await _listen(page, port)
        await sandbox.start()
        page.model.bot.started_already()
        _greet(console, page, sandbox)
        await told_to_stop.wait()
    except RuntimeError as error:
        console.print(Text(str(error)))
        return False
    finally:
        await page.stop()
        await sandbox.stop()
    return True


async def _listen(page: Page, port: int) -> None:
    try:
        await page.start(port)
    except OSError as error:
        raise RuntimeError(f"Port {port} is not free. Choose another with --port, or 0 for any.") from error


def _greet(console: Console, page: Page, sandbox: Sandbox) -> None:
    console.print(f"The sandbox is at [bold]{page.url}[/]  (Ctrl-C stops it)")
    console.print(f"The bot's log: {sandbox.folder / 'bot.log'}  Its database: {sandbox.database}")


def _told_to_stop() -> asyncio.Event:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told
