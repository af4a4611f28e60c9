"""Kills the bot and starts it again, and knows how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Literal

from sandbox.sandbox import Sandbox

State = Literal["starting", "running", "stopped"]


class BotKeeper:
    """The bot as the page's switch sees it. `changed` is called whenever its state is another."""

    def __init__(self, sandbox: Sandbox, changed: Callable[[], None]) -> None:
        self._sandbox, self._changed = sandbox, changed
        self._state: State = "stopped"
        self._problem = ""
        self._tasks: set[asyncio.Task[None]] = set()

    def told(self) -> dict[str, Any]:
        """Its state for the page."""
        bot = self._sandbox.bot
        return {"state": self._state, "exit_code": bot.exit_code if bot else None, "problem": self._problem}

    def started_already(self) -> None:
        """The sandbox started it: watch it from here on."""
        self._set("running")
        self._spawn(self._watch())

    def start(self) -> None:
        """Start it, unless it is running or about to."""
        if self._state == "stopped":
            self._set("starting")
            self._spawn(self._start())

    async def kill(self) -> None:
        """End it with SIGKILL, in the middle of whatever it is doing."""
        if self._sandbox.bot is not None and self._sandbox.bot.running:
            await self._sandbox.bot.kill()

    async def stop(self) -> None:
        """Leave it alone from now on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _start(self) -> None:
        try:
            await self._sandbox.start_bot()
        except RuntimeError as error:
            await self.kill()
            self._set("stopped", str(error))
        else:
            self.started_already()

    async def _watch(self) -> None:
        if self._sandbox.bot is not None:
            await self._sandbox.bot.ended()
        self._set("stopped")

    def _set(self, state: State, problem: str = "") -> None:
        self._state, self._problem = state, problem
        self._changed()

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
