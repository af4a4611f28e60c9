"""The bot as a process between both emulators, and people who do again what died with the bot."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.crash_points import EXIT_CODE
from sandbox.bot_process import BotProcess, free_port, handed_on
from sandbox.polyai.server import EmulatedPolyAI
from sandbox.slack.errors import SlackRefuses
from sandbox.slack.model import Message, View
from sandbox.slack.person import Person
from sandbox.slack.server import EmulatedSlack
from storage.database.opening import create
from tests.support.form import FORM, unfold
from tests.support.logs import leaks

ALWAYS_OPEN, NO_CAPS = (Path(__file__).with_name(name) for name in ("always_open.toml", "no_caps.toml"))


class ProcessWorld:
    """A workspace, an emulated PolyAI, and a bot that is started again whenever it dies.

    Slack reaches the bot over Socket Mode, or with `http` over signed requests.
    """

    def __init__(
        self, folder: Path, kind: type[BotProcess] = BotProcess, *, http: bool = False, **env: str
    ) -> None:
        self.folder, self.database = folder, folder / "callgate.db"
        self.slack, self.polyai = EmulatedSlack(), EmulatedPolyAI(progress=[(0.0, "success", "")])
        self.alice, self.bob, self.carol = (self.slack.add_person(n) for n in ("Alice", "Bob", "Carol"))
        self.channel = self.slack.add_channel("calls", [self.alice, self.bob, self.carol])
        self.group = self.slack.add_user_group("approvers", [self.bob, self.carol])
        self.deaths: list[int] = []
        self.up = asyncio.Event()
        self._kind, self._env, self._port = kind, env, free_port()
        self._keeper: asyncio.Task[None] | None = None
        self.bot: BotProcess | None = None
        self.reach_over(http=http)

    def reach_over(self, *, http: bool) -> None:
        """How Slack reaches the bot from its next start on; Slack's side of it changes now."""
        self.http = http
        if http:
            self.slack.deliver_over_http(f"http://127.0.0.1:{self._port}/slack/events")
        else:
            self.slack.deliver_over_socket_mode()

    async def open(self, crash_at: str = "") -> None:
        """Start everything; the first of the bot's lives that comes to the named place ends there."""
        await self.slack.start()
        await self.polyai.start()
        if not self.database.exists():
            create(self.database)
        self._keeper = asyncio.create_task(self._keep(crash_at))

    async def close(self) -> None:
        """Stop everything."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if self.bot is not None and self.bot.running:
            await self.bot.terminate()
        await self.slack.stop()
        await self.polyai.stop()
        logged = (self.folder / "bot.log").read_text(errors="replace")
        assert not leaks(logged, self.slack, self.polyai, self.database)

    async def kill(self) -> None:
        """SIGKILL; the bot is started again by itself."""
        if self.bot is not None and self.bot.running:
            self.up.clear()
            await self.bot.kill()

    async def terminate(self) -> float:
        """SIGTERM, with no start afterwards; returns the seconds until the process has ended."""
        assert self.bot is not None and self._keeper is not None
        self._keeper.cancel()
        began = time.monotonic()
        self.deaths.append(await self.bot.terminate())
        self.up.clear()
        return time.monotonic() - began

    def start_again(self) -> None:
        """After `terminate`."""
        self._keeper = asyncio.create_task(self._keep(""))

    async def _keep(self, crash_at: str) -> None:
        while True:
            self.before_start()
            self.bot = self._kind(self._environment(crash_at), self.folder / "bot.log")
            self.bot.start()
            with contextlib.suppress(RuntimeError):  # it may die before it is ready
                await self.bot.ready(f"http://127.0.0.1:{self._port}")
                self.up.set()
            ended = await self.bot.ended()
            self.up.clear()
            self.deaths.append(ended)
            crash_at = "" if ended == EXIT_CODE else crash_at

    def before_start(self) -> None:
        """Called before each of the bot's lives."""

    def _environment(self, crash_at: str) -> dict[str, str]:
        return {
            **handed_on(os.environ),
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            **self._way_in(),
            "SLACK_API_URL": self.slack.api_url,
            "POLYAI_BASE_URL": self.polyai.url,
            "POLYAI_AUTH_TOKEN": self.polyai.token,
            "CALLGATE_APPROVERS": "channel",
            "CALLGATE_DATABASE": str(self.database),
            "CALLGATE_HTTP_PORT": str(self._port),
            "CALLGATE_CRASH_AT": crash_at,
            "CALLGATE_CALLING_WINDOWS": str(ALWAYS_OPEN),
            "CALLGATE_POLICY": str(NO_CAPS),
            **{name: value.format(group=self.group) for name, value in self._env.items()},
        }

    def _way_in(self) -> dict[str, str]:
        if self.http:
            return {"SLACK_SIGNING_SECRET": self.slack.signing_secret}
        return {"SLACK_APP_TOKEN": self.slack.app_token}

    # -- what people do

    async def insist(self, act: Callable[[], Awaitable[Any]], done: Callable[[], Any]) -> None:
        """Do it, and do it again as long as nothing comes of it or the bot died meanwhile."""
        deadline = time.monotonic() + 30
        while not done():
            assert time.monotonic() < deadline, self.dump()
            async with asyncio.timeout(20):
                await self.up.wait()
            await self._unless_it_dies(act())
            await self._unless_it_dies(self.seen(done, 2.0))

    async def seen(self, predicate: Callable[[], Any], seconds: float = 15.0) -> bool:
        """Wait until it is so; returns whether it was in time."""
        deadline = time.monotonic() + seconds
        while not predicate():
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.02)
        return True

    async def _unless_it_dies(self, act: Awaitable[Any]) -> None:
        doing = asyncio.ensure_future(act)
        while not doing.done() and self.up.is_set():
            await asyncio.wait([doing], timeout=0.02)
        doing.cancel()
        with contextlib.suppress(asyncio.CancelledError, SlackRefuses):
            await doing

    async def ask(self, **fields: Any) -> None:
        """Alice fills in the form and submits it, until it is closed and its card is there."""

        submitted: list[View] = []

        async def act() -> None:
            if submitted and submitted[-1].closed:
                return  # it was taken, and its card will come
            if not self.alice.modals:
                await self.alice.type("/call", self.channel)
                await self.seen(lambda: self.alice.modals, 2.0)
            submitted.extend(self.alice.modals)
            await self.submit(self.alice, self.alice.modals[-1], {**FORM, **fields})

        await self.insist(act, lambda: not self.alice.modals and self.cards())

    async def submit(self, person: Person, form: View, values: dict[str, Any]) -> None:
        """Have the form show what is filled in, fill it in and submit it."""
        await unfold(person, form, values)
        await self.seen(lambda: values.keys() <= form.state.keys(), 2.0)
        await person.submit(form, values)

    async def order(self, person: Person, order: str, done: Callable[[], Any]) -> None:
        """Type it behind the command."""
        await self.insist(lambda: person.type(f"/call {order}", self.channel), done)

    async def press(self, person: Person, button: str, done: Callable[[], Any]) -> None:
        """Press a button of the card that has been there longest."""

        async def act() -> None:
            for card in self.cards()[:1]:
                await person.click(card, button)

        await self.insist(act, done)

    async def press_and_fill(
        self, person: Person, button: str, values: dict[str, Any], done: Callable[[], Any]
    ) -> None:
        """Press a button that opens a form, and submit that, until it is closed and something came of it."""

        async def act() -> None:
            if not person.modals:
                await person.click(self.cards()[0], button)
                await self.seen(lambda: person.modals, 2.0)
            await person.submit(values=values)
            if person.modals and person.modals[-1].errors:
                await person.close()  # it had come of it already

        await self.insist(act, lambda: not person.modals and done())

    # -- how things stand

    def cards(self) -> list[Message]:
        """The cards in the channel, oldest first."""
        found = self.slack.workspace.messages.top_level(self.channel.id)
        ours = [message for message in found if message.user == self.slack.bot_user_id]
        return [message for message in ours if message.blocks[:1] and message.blocks[0]["type"] == "header"]

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Ask the database; nothing before there is one."""
        if not self.database.exists():
            return []
        with contextlib.closing(sqlite3.connect(self.database, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            with contextlib.suppress(sqlite3.OperationalError):  # its tables are being made
                return [dict(row) for row in connection.execute(sql, values)]
        return []

    def execute(self, sql: str, **values: Any) -> int:
        """Change the database behind Callgate's back; returns how many rows."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=10)) as connection, connection:
            return connection.execute(sql, values).rowcount

    @property
    def status(self) -> str:
        """The newest request's."""
        found = self.rows("SELECT status FROM call_requests ORDER BY created_at DESC LIMIT 1")
        return found[0]["status"] if found else ""

    def has(self, event: str) -> bool:
        """Whether the record says so."""
        return bool(self.rows("SELECT 1 FROM audit_events WHERE event = ?", event))

    def dump(self) -> str:
        """Everything, for whoever has to find out."""
        told = self.bot.tail() if self.bot is not None else ""
        return "\n".join([self.slack.dump(), self.polyai.dump(), f"deaths: {self.deaths}", told])
