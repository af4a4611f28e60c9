"""The page over both emulators without a bot, and a client that asks it as a browser would."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from sandbox.page.server import Page
from sandbox.sandbox import Sandbox


class Client:
    """Asks the page. `ask` gives the status and the answer."""

    def __init__(self, page: Page, session: aiohttp.ClientSession) -> None:
        self.page, self.session = page, session

    async def ask(self, order: Any, **more: Any) -> tuple[int, dict[str, Any]]:
        body = order if isinstance(order, bytes) else json.dumps(order).encode()
        headers = {"Content-Type": "application/json", **more.pop("headers", {})}
        async with self.session.post(f"{self.page.url}/do", data=body, headers=headers) as response:
            return response.status, await response.json()

    async def do(self, what: str, **order: Any) -> dict[str, Any]:
        status, answer = await self.ask({"do": what, **order})
        assert status == 200, answer
        return answer

    @asynccontextmanager
    async def stream(self, person: str) -> AsyncIterator[Stream]:
        async with self.session.get(f"{self.page.url}/stream", params={"person": person}) as response:
            yield Stream(response)


class Stream:
    """The patches that one window is sent."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._lines = response.content

    async def next(self) -> dict[str, Any]:
        """The next patch."""
        while not (line := await self._lines.readline()).startswith(b"data: "):
            pass
        return dict(json.loads(line.removeprefix(b"data: ")))

    async def until(self, name: str) -> Any:
        """What the next patch with this name in it says of it."""
        while name not in (patch := await self.next()):
            pass
        return patch[name]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox({})
    await sandbox.slack.start()
    await sandbox.polyai.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    page = Page(sandbox)
    await page.start()
    yield page
    await page.stop()


@pytest.fixture
async def client(page: Page) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(page, session)
