"""Runs the bot as a child process that knows nothing of the sandbox beyond its environment."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp

POLL_SECONDS = 0.02
TAIL_LINES = 40
RUN = ("-m", "bot", "run")
_HANDED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
_REPOSITORY = Path(__file__).resolve().parents[1]


def handed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """What a child process needs of ours. Nothing else is handed on: there may be real tokens in it."""
    kept = {name: environment[name] for name in _HANDED_ON if name in environment}
    return {**kept, "PYTHONPATH": str(_REPOSITORY)}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class BotProcess:
    """Python with these arguments, run in the folder of its log, to which goes everything that it prints."""

    def __init__(self, env: Mapping[str, str], log: Path, arguments: Sequence[str] = RUN) -> None:
        self._env, self.log, self._arguments = dict(env), log, arguments
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process, for the first time or again after it ended."""
        if self.running:
            raise RuntimeError("the process is running already")
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(  # noqa: S603 - the arguments are ours
                [sys.executable, *self._arguments],
                env=self._env,
                cwd=self.log.parent,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    @property
    def running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._process is not None and self.exit_code is None

    @property
    def exit_code(self) -> int | None:
        """How the process ended: None while it runs, negative for the signal that ended it."""
        return None if self._process is None else self._process.poll()

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
        self._started().terminate()
        return await self.ended()

    async def kill(self) -> int:
        """Send SIGKILL and return the exit code once the process has ended."""
        self._started().kill()
        return await self.ended()

    async def ended(self) -> int:
        """Wait until the process ends by itself and return its exit code."""
        self._started()
        while (code := self.exit_code) is None:  # noqa: ASYNC110 - nothing tells when it changes
            await asyncio.sleep(POLL_SECONDS)
        return code

    def tail(self) -> str:
        """The last lines of the log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-TAIL_LINES:])

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("the process was never started")
        return self._process


async def _is_ready(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
