"""Everything one round needs: the emulators, the product on a fresh database, and the empty app."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.child import Child, child, free_port
from benchmarks.load import Batch, Signed, send, sign
from benchmarks.product import Product
from storage.database.opening import create

_WARM_UP = 32


@dataclass(frozen=True)
class Stage:
    """The processes of a round, and the connections to them."""

    session: aiohttp.ClientSession
    emulators: Child
    product: Product
    empty: Child
    secret: str

    async def commands(self, count: int) -> list[Signed]:
        """So many `/call`."""
        return self._signed(await self.told(f"commands/{count}"))

    async def submissions(self, count: int) -> list[Signed]:
        """So many valid forms, each with an id of its own."""
        return self._signed(await self.told(f"submissions/{count}"))

    async def approvals(self, values: list[str]) -> list[Signed]:
        """A click on Approve for each of these buttons' values."""
        async with self.session.post(f"{self.emulators.url}/approvals", json=values) as response:
            return self._signed(await response.json())

    async def concluded(self) -> int:
        """How many calls PolyAI has answered for."""
        return self.product.concluded()

    async def told(self, path: str) -> Any:
        """What the emulators' process says."""
        async with self.session.get(f"{self.emulators.url}/{path}") as response:
            return await response.json()

    async def send(self, to: Child, requests: list[Signed], at_a_time: int) -> Batch:
        """Send them when the product is at rest."""
        await self.product.child.at_rest()
        return await send(self.session, to.url, requests, at_a_time=at_a_time)

    async def warm_up(self) -> None:
        """Open every connection, and have every module loaded and every path gone once."""
        apps = (self.product.child, self.empty)
        for to in apps:
            await self.send(to, await self.commands(_WARM_UP), _WARM_UP)
        for to in apps:
            await self.send(to, await self.submissions(_WARM_UP), _WARM_UP)
        clicks = self.product.pending()
        for to in apps:
            await self.send(to, await self.approvals(clicks), _WARM_UP)

    def _signed(self, payloads: list[dict[str, Any]]) -> list[Signed]:
        return [sign(payload, self.secret) for payload in payloads]


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Set the stage, warmed up."""
    async with AsyncExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="callgate-bench-")))
        connector = aiohttp.TCPConnector(limit=0)
        session = await exits.enter_async_context(
            aiohttp.ClientSession(connector=connector, raise_for_status=True)
        )
        ready = await _set(exits, session, folder)
        await ready.warm_up()
        yield ready


async def _set(exits: AsyncExitStack, session: aiohttp.ClientSession, folder: Path) -> Stage:
    async def start(name: str, env: dict[str, str], *arguments: str) -> Child:
        return await exits.enter_async_context(child([*arguments], env, port, folder / f"{name}.log"))

    port = free_port()
    emulators = await start("emulators", {}, "benchmarks.emulators", str(port))
    installed = await emulators.ready(session)
    port = free_port()
    empty = await start("empty", installed, "benchmarks.empty_app", str(port))
    port, database = free_port(), folder / "callgate.db"
    create(database)
    own = {"CALLGATE_DATABASE": str(database), "CALLGATE_HTTP_PORT": str(port)}
    product = await start("product", installed | own, "bot", "run")
    for each in (empty, product):
        await each.ready(session)
    return Stage(session, emulators, Product(product, database), empty, installed["SLACK_SIGNING_SECRET"])
