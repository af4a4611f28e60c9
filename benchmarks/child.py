"""A child process with an HTTP port: asked, sent requests, left to come to rest."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.load import Batch, Signed, send
from sandbox.bot_process import BotProcess, free_port, handed_on

Env = Mapping[str, str]

_REST_WITHIN = 20.0
_LOOK_SECONDS = 0.2
_AT_REST = 0.1
"""Cores' worth of CPU under which a process counts as at rest."""


class Child(BotProcess):
    """`python -m module …`, listening on `url`."""

    def __init__(self, session: aiohttp.ClientSession, folder: Path, *arguments: str, env: Env) -> None:
        self._session, port = session, free_port()
        self.url = f"http://127.0.0.1:{port}"
        env = {**handed_on(os.environ), **env, "CALLGATE_HTTP_PORT": str(port)}
        super().__init__(env, folder / f"{port}.log", ("-m", *arguments))

    async def told(self, path: str, question: Any = None) -> Any:
        """What it says; of something, where there is a question."""
        method = "GET" if question is None else "POST"
        async with self._session.request(method, f"{self.url}/{path}", json=question) as response:
            return await response.json()

    async def send(self, requests: list[Signed], at_a_time: int) -> Batch:
        """Send it these requests of Slack's."""
        return await send(self._session, self.url, requests, at_a_time=at_a_time)

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
            fields = Path(f"/proc/{self._started().pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self, *, at_most: bool = False) -> int:
        """The memory that it holds now, or that it held at most; 0 where there is no /proc."""
        name = "VmHWM" if at_most else "VmRSS"
        try:
            lines = Path(f"/proc/{self._started().pid}/status").read_text().splitlines()
        except FileNotFoundError:
            return 0
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))
