"""Everything one round needs: the emulators, the product on a fresh database, and the empty app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.child import Child
from benchmarks.load import Batch, Signed
from benchmarks.processes import Installed, processes
from benchmarks.product import Product

_WARM_UP = 32


@dataclass(frozen=True)
class Stage:
    """The processes of a round."""

    installed: Installed
    product: Product
    empty: Child

    async def commands(self, count: int) -> list[Signed]:
        """So many `/call`."""
        return await self.installed.requests(f"commands/{count}")

    async def submissions(self, count: int) -> list[Signed]:
        """So many valid forms, each with an id of its own."""
        return await self.installed.requests(f"submissions/{count}")

    async def approvals(self, values: list[str]) -> list[Signed]:
        """A click on Approve for each of these buttons' values."""
        return await self.installed.requests("approvals", values)

    async def concluded(self) -> int:
        """How many calls PolyAI has answered for."""
        return self.product.concluded()

    async def told(self, path: str) -> Any:
        """What the emulators' process says."""
        return await self.installed.emulators.told(path)

    async def send(self, to: Child, requests: list[Signed], at_a_time: int) -> Batch:
        """Send them when the product is at rest."""
        await self.product.at_rest()
        return await to.send(requests, at_a_time)

    async def warm_up(self) -> None:
        """Open every connection, and have every module loaded and every path gone once."""
        apps = (self.product, self.empty)
        for to in apps:
            await self.send(to, await self.commands(_WARM_UP), _WARM_UP)
        for to in apps:
            await self.send(to, await self.submissions(_WARM_UP), _WARM_UP)
        clicks = self.product.pending()
        for to in apps:
            await self.send(to, await self.approvals(clicks), _WARM_UP)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Set the stage, warmed up."""
    async with processes() as started:
        installed = await started.emulators()
        empty = await started.child("benchmarks.empty_app", env=installed.env)
        product = await started.product(started.folder / "callgate.db", installed.env)
        ready = Stage(installed, product, empty)
        await ready.warm_up()
        yield ready
