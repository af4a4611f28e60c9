"""The product with thousands of calls in progress, between a PolyAI that is asked for them and a Slack."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.busy_polyai import TOKEN
from benchmarks.child import Child
from benchmarks.load import Batch
from benchmarks.on_record import IN_PROGRESS, record
from benchmarks.processes import Installed, processes
from benchmarks.product import Product

Changes = dict[str, tuple[float, str]]
"""What becomes of a call, by its call_sid: after so many seconds, the status from then on."""


@dataclass(frozen=True)
class BusyStage:
    """The processes."""

    installed: Installed
    polyai: Child
    product: Product

    async def polls(self) -> int:
        """How often PolyAI was asked so far."""
        return int(await self.polyai.told("polls"))

    async def commands(self, count: int) -> Batch:
        """Type `/call` so often, one after the other."""
        return await self.product.send(await self.installed.requests(f"commands/{count}"), 1)


@asynccontextmanager
async def busy_stage(calls: int, change: Callable[[list[str]], Changes]) -> AsyncIterator[BusyStage]:
    """So many calls are in progress, and what is to become of them is said."""
    async with processes() as started:
        database, changes = started.folder / "callgate.db", started.folder / "changes.json"
        await record(database, calls, IN_PROGRESS)
        changes.write_text(json.dumps(change(_call_sids(database))))
        polyai = await started.child("benchmarks.busy_polyai", str(changes), env={})
        installed = await started.emulators()
        env = {**installed.env, "POLYAI_BASE_URL": polyai.url, "POLYAI_AUTH_TOKEN": TOKEN}
        yield BusyStage(installed, polyai, await started.product(database, env))


def _call_sids(database: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT call_sid FROM call_requests ORDER BY placed_at")
        return [call_sid for (call_sid,) in found]
