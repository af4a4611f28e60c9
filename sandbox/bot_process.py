"""Runs the bot as a child process that knows nothing of the sandbox beyond its environment."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp

POLL_SECONDS = 0.05
TAIL_LINES = 40


class BotProcess:
    """A child process, run in the folder of its log, to which goes everything that it prints."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self._command, self._env, self.log = list(command), dict(env), log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the process, for the first time or again after it ended."""
        if self.running:
            raise RuntimeError("the process is running already")
        with self.log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env=self._env,
                cwd=self.log.parent,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    @property
    def running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def exit_code(self) -> int | None:
        """How the process ended: None while it runs, negative for the signal that ended it."""
        return None if self._process is None else self._process.returncode

    async def ready(self, url: str, timeout: float = 20) -> None:  # noqa: ASYNC109
        """Wait until GET {url}/readyz answers 200; RuntimeError with the log's tail if it never does."""
        deadline = time.monotonic() + timeout
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            while not await _is_ready(session, url.removesuffix("/readyz").rstrip("/") + "/readyz"):
                if not self.running:
                    raise RuntimeError(f"the process ended with {self.exit_code}:\n{self.tail()}")
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the process is not ready after {timeout} s:\n{self.tail()}")
                await asyncio.sleep(POLL_SECONDS)

    @property
    def pid(self) -> int:
        """The process' number."""
        return self._started().pid

    async def terminate(self) -> int:
        """Send SIGTERM and return the exit code once the process has ended."""
        process = self._started()
        self._signal(process, signal.SIGTERM)
        return await process.wait()

    async def kill(self) -> int:
        """Send SIGKILL and return the exit code once the process has ended."""
        process = self._started()
        self._signal(process, signal.SIGKILL)
        return await process.wait()

    async def ended(self) -> int:
        """Wait until the process ends by itself and return its exit code."""
        return await self._started().wait()

    def tail(self) -> str:
        """The last lines of the log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-TAIL_LINES:])

    def _signal(self, process: asyncio.subprocess.Process, number: signal.Signals) -> None:
        # Popen.send_signal would reap a process that has just ended, and asyncio would lose its exit code.
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, number)

    def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("the process was never started")
        return self._process


async def _is_ready(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
