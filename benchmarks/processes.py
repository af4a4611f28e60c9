"""The processes of a round: the emulators, the product, and whatever else it needs."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.child import Child, Env
from benchmarks.load import Signed, sign
from benchmarks.product import Product
from storage.database.opening import create


@dataclass(frozen=True)
class Installed:
    """The process of the emulators, and the environment of an app that is installed there."""

    emulators: Child
    env: Env

    async def requests(self, path: str, question: Any = None) -> list[Signed]:
        """Requests that Slack would make of this app, signed."""
        payloads = await self.emulators.told(path, question)
        return [sign(payload, self.env["SLACK_SIGNING_SECRET"]) for payload in payloads]


@dataclass(frozen=True)
class Processes:
    """Starts them; each is ready when it is returned. The folder is there as long as the round."""

    folder: Path
    _session: aiohttp.ClientSession
    _exits: AsyncExitStack

    async def child(self, *arguments: str, env: Env) -> Child:
        """`python -m …`."""
        return await self._ready(Child(self._session, self.folder, *arguments, env=env))

    async def product(self, database: Path, env: Env) -> Product:
        """Callgate with this database, which is made where there is none."""
        if not database.exists():  # noqa: ASYNC240 - a moment
            create(database)
        return await self._ready(Product(self._session, self.folder, database, env))

    async def emulators(self) -> Installed:
        """The emulated Slack and PolyAI."""
        emulators = await self.child("benchmarks.emulators", env={})
        return Installed(emulators, await emulators.told("readyz"))

    async def _ready(self, child: Any) -> Any:
        child.start()
        self._exits.push_async_callback(child.kill)
        await child.ready(child.url)
        return child


@asynccontextmanager
async def processes() -> AsyncIterator[Processes]:
    """They are killed at the end: nothing of a round is wanted after it."""
    async with AsyncExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="callgate-bench-")))
        session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), raise_for_status=True)
        yield Processes(folder, await exits.enter_async_context(session), exits)
