"""The whole product on a database with few finished calls and on one with many, side by side."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.child import Child, child, free_port
from benchmarks.load import Signed, send, sign
from benchmarks.side_by_side import Line

_TURNS = 4
_COUNTS = {1: 30, 32: 160}
_LOOKS = 20


@dataclass(frozen=True)
class _Side:
    """The product on one of the databases, and the environment of both."""

    session: aiohttp.ClientSession
    installed: dict[str, str]
    database: Path
    port: int

    @property
    def env(self) -> dict[str, str]:
        own = {"CALLGATE_DATABASE": str(self.database), "CALLGATE_HTTP_PORT": str(self.port)}
        return self.installed | own

    @asynccontextmanager
    async def product(self) -> AsyncIterator[Child]:
        """Run it, ready."""
        log = self.database.with_suffix(".log")
        async with child(["bot", "run"], self.env, self.port, log) as started:
            await started.ready(self.session)
            yield started

    async def start(self) -> None:
        """Start it, wait until it is ready, and end it."""
        async with self.product():
            pass

    async def list_calls(self) -> None:
        """`callgate calls`."""
        arguments = ("-m", "bot", "calls")
        out = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=self.env, stdout=out)
        if await process.wait():
            raise RuntimeError("callgate calls failed")

    async def get(self, path: str) -> None:
        """One of the pages on its HTTP port."""
        async with self.session.get(f"http://127.0.0.1:{self.port}{path}") as response:
            await response.read()


async def measure_product(few: Path, many: Path) -> list[Line]:
    """From the start of the product to what it answers."""
    async with AsyncExitStack() as exits:
        connector = aiohttp.TCPConnector(limit=0)
        session = await exits.enter_async_context(
            aiohttp.ClientSession(connector=connector, raise_for_status=True)
        )
        port = free_port()
        arguments = ["benchmarks.emulators", str(port)]
        emulators = await exits.enter_async_context(
            child(arguments, {}, port, few.with_name("emulators.log"))
        )
        installed = await emulators.ready(session)
        sides = [_Side(session, installed, path, free_port()) for path in (few, many)]
        once = await _at_rest(*sides)
        products = [await exits.enter_async_context(side.product()) for side in sides]
        return [*await _acks(emulators, products, *sides), *await _pages(*sides), *once]


async def _at_rest(few: _Side, many: _Side) -> list[Line]:
    start, calls = Line("start, until ready", aimed_at=False), Line("callgate calls", aimed_at=False)
    for _ in range(_TURNS):
        await start.take(few.start, many.start)
        await calls.take(few.list_calls, many.list_calls)
    return [start, calls]


async def _pages(few: _Side, many: _Side) -> list[Line]:
    lines = [Line(path, aimed_at=False) for path in ("/healthz", "/readyz", "/metrics")]
    for line in lines:
        for _ in range(_LOOKS):
            await line.take(lambda path=line.what: few.get(path), lambda path=line.what: many.get(path))
    return lines


async def _acks(emulators: Child, products: list[Child], few: _Side, many: _Side) -> list[Line]:
    lines = {at_a_time: Line(f"ack of a form, {at_a_time} at a time") for at_a_time in _COUNTS}
    commands = await _signed(few, emulators, "commands/1")
    for product in products:
        await send(few.session, product.url, commands, at_a_time=1)
    for turn in range(_TURNS):
        for at_a_time, line in lines.items():
            pairs = list(zip((line.few, line.many), products, strict=True))
            for times, product in pairs if turn % 2 else reversed(pairs):
                signed = await _signed(few, emulators, f"submissions/{_COUNTS[at_a_time]}")
                for other in products:
                    await other.at_rest()
                times += (await send(few.session, product.url, signed, at_a_time=at_a_time)).latencies
    return list(lines.values())


async def _signed(side: _Side, emulators: Child, path: str) -> list[Signed]:
    async with side.session.get(f"{emulators.url}/{path}") as response:
        payloads: list[dict[str, Any]] = await response.json()
    return [sign(payload, side.installed["SLACK_SIGNING_SECRET"]) for payload in payloads]
