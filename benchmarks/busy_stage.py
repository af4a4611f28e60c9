"""The product with thousands of calls in progress, between a PolyAI that is asked for them and a Slack."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.busy_polyai import TOKEN
from benchmarks.child import Child, child, free_port
from benchmarks.load import Batch, send, sign
from benchmarks.on_record import IN_PROGRESS, record
from storage.database.opening import create

Changes = dict[str, tuple[float, str]]
"""What becomes of a call, by its call_sid: after so many seconds, the status from then on."""


@dataclass(frozen=True)
class BusyStage:
    """The processes, and the database of the product."""

    session: aiohttp.ClientSession
    emulators: Child
    polyai: Child
    product: Child
    database: Path
    secret: str

    async def polls(self) -> int:
        """How often PolyAI was asked so far."""
        return int(await self.told(self.polyai, "polls"))

    async def commands(self, count: int) -> Batch:
        """Type `/call` so often, one after the other."""
        signed = [
            sign(payload, self.secret) for payload in await self.told(self.emulators, f"commands/{count}")
        ]
        return await send(self.session, self.product.url, signed, at_a_time=1)

    async def told(self, by: Child, path: str) -> Any:
        """What one of them says."""
        async with self.session.get(f"{by.url}/{path}") as response:
            return await response.json()


@asynccontextmanager
async def busy_stage(calls: int, change: Callable[[list[str]], Changes]) -> AsyncIterator[BusyStage]:
    """So many calls are in progress, and what is to become of them is said."""
    async with AsyncExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="callgate-bench-")))
        connector = aiohttp.TCPConnector(limit=0)
        session = await exits.enter_async_context(
            aiohttp.ClientSession(connector=connector, raise_for_status=True)
        )
        await record(folder / "callgate.db", calls, IN_PROGRESS)
        call_sids = _call_sids(folder / "callgate.db")
        (folder / "changes.json").write_text(json.dumps(change(call_sids)))
        yield await _start(exits, session, folder)


async def _start(exits: AsyncExitStack, session: aiohttp.ClientSession, folder: Path) -> BusyStage:
    async def start(name: str, env: dict[str, str], *arguments: str) -> Child:
        return await exits.enter_async_context(child([*arguments], env, port, folder / f"{name}.log"))

    port = free_port()
    polyai = await start("polyai", {}, "benchmarks.busy_polyai", str(port), str(folder / "changes.json"))
    port = free_port()
    emulators = await start("emulators", {}, "benchmarks.emulators", str(port))
    installed = await emulators.ready(session)
    await polyai.ready(session)
    port, database = free_port(), folder / "callgate.db"
    create(database)
    own = {
        "CALLGATE_DATABASE": str(database),
        "CALLGATE_HTTP_PORT": str(port),
        "POLYAI_BASE_URL": polyai.url,
        "POLYAI_AUTH_TOKEN": TOKEN,
    }
    product = await start("product", installed | own, "bot", "run")
    await product.ready(session)
    secret = installed["SLACK_SIGNING_SECRET"]
    return BusyStage(session, emulators, polyai, product, database, secret)


def _call_sids(database: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT call_sid FROM call_requests ORDER BY placed_at")
        return [call_sid for (call_sid,) in found]
