"""A child process with an HTTP port: started, waited for, left to come to rest, ended."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

REPOSITORY = Path(__file__).resolve().parents[1]
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
_READY_WITHIN = 20.0
_REST_WITHIN = 20.0
_LOOK_SECONDS = 0.2
_AT_REST = 0.1
"""Cores' worth of CPU under which a process counts as at rest."""


class Child:
    """`python -m module`, listening on `url`."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, log: Path) -> None:
        self._process, self.url, self._log = process, url, log

    async def ready(self, session: aiohttp.ClientSession) -> Any:
        """Wait until /readyz answers 200; returns what it said."""
        deadline = time.monotonic() + _READY_WITHIN
        while time.monotonic() < deadline and self._process.returncode is None:
            try:
                async with session.get(f"{self.url}/readyz") as response:
                    if response.status == 200:
                        return await response.json()
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)
        raise RuntimeError(f"a process did not get ready:\n{self._log.read_text()[-4000:]}")

    async def at_rest(self) -> None:
        """Wait until the process has nothing left to do, or for so long as it may take."""
        deadline = time.monotonic() + _REST_WITHIN
        while time.monotonic() < deadline:
            before = self.cpu_seconds()
            await asyncio.sleep(_LOOK_SECONDS)
            if self.cpu_seconds() - before < _AT_REST * _LOOK_SECONDS:
                return

    def cpu_seconds(self) -> float:
        """What the process has used so far; 0.0 where there is no /proc."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self, *, at_most: bool = False) -> int:
        """The memory that it holds now, or that it held at most; 0 where there is no /proc."""
        name = "VmHWM" if at_most else "VmRSS"
        try:
            lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        except FileNotFoundError:
            return 0
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))

    async def end(self) -> None:
        """Kill it: nothing of a round is wanted after it."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


@asynccontextmanager
async def child(arguments: list[str], env: Mapping[str, str], port: int, log: Path) -> AsyncIterator[Child]:
    """Run `python -m …` with nothing in its environment but this and what every process needs."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *arguments),
            env={**kept, "PYTHONPATH": str(REPOSITORY), **env},
            cwd=log.parent,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    started = Child(process, f"http://127.0.0.1:{port}", log)
    try:
        yield started
    finally:
        await started.end()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
