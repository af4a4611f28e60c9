"""The whole product against both emulators, in one event loop, on a fast clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import Running, callgate
from bot.ops.settings import Settings
from bot.service.calls import CallService
from sandbox.polyai.server import EmulatedPolyAI
from sandbox.slack.model import Channel, Message
from sandbox.slack.person import Person
from sandbox.slack.server import EmulatedSlack
from storage.database.opening import create
from tests.support.clock import FastClock
from tests.support.form import FORM, NUMBER, unfold
from tests.support.logs import Logs, leaks

NO_CAPS = Path(__file__).with_name("no_caps.toml")
"""A policy for tests that call one number again and again."""
CALLED = [(0.0, "queued", ""), (3.0, "calling", ""), (10.0, "success", "")]


__all__ = ["FORM", "NO_CAPS", "NUMBER", "World"]


class World:
    """A workspace with a channel, its people, an emulated PolyAI, and Callgate between them."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "callgate.db"
        self.clock = FastClock()
        self.slack = EmulatedSlack(now=self.clock.time)
        self.polyai = EmulatedPolyAI(now=self.clock.time, progress=CALLED)
        self.alice = self.slack.add_person("Alice")
        self.bob = self.slack.add_person("Bob")
        self.carol = self.slack.add_person("Carol")
        self.channel = self.slack.add_channel("calls", [self.alice, self.bob, self.carol])
        self.overrides: dict[str, Any] = {}
        self.logs = Logs()
        self._running: Running | None = None
        self._exits = AsyncExitStack()

    async def open(self) -> None:
        self.logs.open()
        await self.slack.start()
        await self.polyai.start()

    async def close(self) -> None:
        await self.stop()
        await self.slack.stop()
        await self.polyai.stop()
        self.logs.close()
        assert not leaks(self.logs.text, self.slack, self.polyai, self.database)

    async def start(self, **overrides: Any) -> None:
        self.overrides |= overrides
        if not self.database.exists():
            create(self.database)
        self._running = await self._exits.enter_async_context(callgate(self.settings(), self.clock))

    async def stop(self) -> None:
        self._running = None
        await self._exits.aclose()

    async def restart(self, **overrides: Any) -> None:
        await self.stop()
        await self.start(**overrides)

    def settings(self) -> Settings:
        values = {
            "slack_bot_token": self.slack.bot_token,
            "slack_app_token": self.slack.app_token,
            "slack_api_url": self.slack.api_url,
            "polyai_base_url": self.polyai.url,
            "polyai_auth_token": self.polyai.token,
            "callgate_approvers": "channel",
            "callgate_database": self.database,
            "callgate_http_port": 0,
        }
        return Settings(**{**values, **self.overrides})

    @property
    def running(self) -> bool:
        return self._running is not None

    @property
    def service(self) -> CallService:
        assert self._running is not None
        return self._running.calls

    async def settle(self) -> None:
        """Return when no listener is at work."""
        assert self._running is not None
        await self._running.listeners.drain()

    @property
    def port(self) -> int:
        assert self._running is not None
        return self._running.http_port

    async def readiness(self) -> tuple[int, dict[str, str]]:
        """Status and parts of `/readyz`."""
        url = f"http://127.0.0.1:{self.port}/readyz"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status, await answer.json()

    async def ask(self, text: str = "", person: Person | None = None, **fields: Any) -> Message:
        """Fill in the form and submit it; returns the card."""
        asking = person or self.alice
        known = {message.ts for message in self.cards()}
        await asking.type(f"/call {text}".strip(), self.channel)
        await self.until(lambda: asking.modals)
        values = {**FORM, **fields}
        await self.unfold(asking, values, values["purpose"])
        await asking.submit(values=values)
        assert not asking.modals, asking.modals[-1].errors
        return await self.until(lambda: next((c for c in self.cards() if c.ts not in known), None))

    async def unfold(self, person: Person, fields: Collection[str], purpose: str = FORM["purpose"]) -> None:
        """Have the open form show these fields."""
        form = person.modals[-1]
        await unfold(person, form, fields, purpose)
        await self.until(lambda: set(fields) <= form.state.keys())

    def cards(self, channel: Channel | None = None) -> list[Message]:
        where = channel or self.channel
        found = self.slack.workspace.messages.top_level(where.id)
        ours = [message for message in found if message.user == self.slack.bot_user_id]
        return [message for message in ours if message.blocks[:1] and message.blocks[0]["type"] == "header"]

    def notices(self, channel: Channel | None = None) -> list[str]:
        """What the whole channel was told beside the cards."""
        where = channel or self.channel
        found = self.slack.workspace.messages.top_level(where.id)
        ours = [message for message in found if message.user == self.slack.bot_user_id]
        return [
            message.plain for message in ours if message.blocks[:1] and message.blocks[0]["type"] != "header"
        ]

    def thread(self, card: Message) -> list[str]:
        """The paragraphs of its thread; lines that had to wait together are one message."""
        return [line for message in self.alice.thread(card) for line in message.plain.splitlines()]

    async def told(self, card: Message, words: str) -> None:
        """Wait until the card's thread says so."""
        await self.until(lambda: any(words in line for line in self.thread(card)))

    async def shows(self, card: Message, words: str) -> None:
        """Wait until the card says so."""
        await self.until(lambda: words in card.plain)

    async def hears(self, person: Person, words: str) -> None:
        """Wait until only this person was told so."""
        await self.until(lambda: any(words in message.plain for message in person.hears(self.channel)))

    async def until(self, predicate: Any, timeout: float = 8) -> Any:  # noqa: ASYNC109
        return await self.slack.until(predicate, timeout)

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        connection = sqlite3.connect(self.database)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(sql, values)]
        finally:
            connection.close()

    def execute(self, sql: str) -> None:
        """Change the database behind Callgate's back."""
        connection = sqlite3.connect(self.database)
        try:
            connection.execute(sql)
            connection.commit()
        finally:
            connection.close()
