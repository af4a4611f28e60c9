"""The emulated Slack as one thing to start, stop, fill with people, and ask."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Any, TypeVar

from aiohttp import web

from sandbox.changes import Change, Changes
from sandbox.faults import Faults
from sandbox.loopback import LoopbackServer
from sandbox.slack.delivery import Ack, Delivered, Delivery, Kind
from sandbox.slack.downloads import Downloads
from sandbox.slack.http_delivery import HttpDelivery
from sandbox.slack.method import App
from sandbox.slack.model import Channel, Guest
from sandbox.slack.person import Person
from sandbox.slack.rate_limits import RateLimits
from sandbox.slack.respond import ResponseUrlRoute
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.web_api import ALL_SCOPES, LoggedCall, Tokens, WebApi
from sandbox.slack.workspace import Workspace

Found = TypeVar("Found")

LARGEST_REQUEST = 20 * 1024 * 1024


class EmulatedSlack:
    """A Slack workspace on a loopback socket, with one app installed.

    `now` is the wall clock of message timestamps, rate limits and response URLs; trigger ids, tickets and
    acknowledgements always run on real time. `scopes` is what the app was granted; None grants all that
    this emulator knows except chat:write.public. `clock_offset` is how many seconds the time that Slack tells
    with each answer is off.
    """

    def __init__(self, now: Callable[[], float] = time.time, scopes: Iterable[str] | None = None) -> None:
        granted = ALL_SCOPES if scopes is None else frozenset(scopes)
        tokens = Tokens.made_up()
        self.bot_token, self.app_token = tokens.bot, tokens.app
        self.signing_secret = secrets.token_hex(16)
        self.ack_timeout = 3.0
        self.clock_offset = 0.0
        self.changes = Changes()
        self.workspace = Workspace(now, self.changes)
        self.people: dict[str, Person] = {}
        self.faults = Faults()
        self.limits = RateLimits(now)
        self.socket = SocketMode(self.workspace)
        self.deliveries: list[Delivered] = []
        self._delivery: Delivery = self.socket
        self._server = LoopbackServer()
        self._api = WebApi(App(self.workspace, granted), tokens, self.limits, self.faults, self.changes)

    # -- running

    async def start(self, port: int = 0) -> None:
        """Listen on a loopback port (0: any free one). What happened before a stop() is still there."""
        await self._server.start(self._application(), port)
        self.workspace.base_url = self._server.url

    async def stop(self) -> None:
        """Close every socket."""
        await self.socket.close()
        await self._server.stop()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, for `base_url` of a client."""
        return f"{self._server.url}/api/"

    # -- the installed app

    @property
    def team_id(self) -> str:
        """The id of the workspace."""
        return self.workspace.team_id

    @property
    def bot_user_id(self) -> str:
        """The user id of the app's bot."""
        return self.workspace.bot_user_id

    @property
    def trigger_ttl(self) -> float:
        """How many real seconds a trigger id is good for."""
        return self.workspace.triggers.ttl

    @trigger_ttl.setter
    def trigger_ttl(self, seconds: float) -> None:
        self.workspace.triggers.ttl = seconds

    def grant(self, scopes: Iterable[str]) -> None:
        """Install the app anew with exactly these scopes."""
        self._api.grant(frozenset(scopes))

    def deliver_over_http(self, url: str) -> None:
        """Send payloads as signed POSTs to this address from now on, instead of through Socket Mode."""
        self._delivery = HttpDelivery(url, self.signing_secret)

    def deliver_over_socket_mode(self) -> None:
        """Send payloads through Socket Mode from now on, as at the beginning."""
        self._delivery = self.socket

    # -- who and what is there

    def add_person(
        self,
        name: str,
        *,
        guest: bool | Guest = False,
        bot: bool = False,
        deactivated: bool = False,
        team_id: str | None = None,
        tz: str = "Europe/London",
    ) -> Person:
        """Add somebody. With another `team_id` they are a stranger from that workspace."""
        kind: Guest = guest if isinstance(guest, str) else "multi_channel" if guest else ""
        user = self.workspace.add_user(
            name, guest=kind, bot=bot, deactivated=deactivated, team_id=team_id, tz=tz
        )
        person = self.people[user.id] = Person(self.workspace, user, self._send)
        return person

    def add_channel(
        self,
        name: str,
        members: Iterable[Person],
        *,
        private: bool = False,
        bot_is_member: bool = True,
        archived: bool = False,
    ) -> Channel:
        """Add a channel with these people, and the bot unless told otherwise."""
        ids = [person.id for person in members] + [self.bot_user_id] * bot_is_member
        return self.workspace.add_channel(name, ids, private=private, archived=archived)

    def add_direct_message(self, first: Person, second: Person) -> Channel:
        """Open a direct message between two people, which the bot cannot see."""
        return self.workspace.direct_message(first.id, second.id)

    def app_home_dm(self, person: Person) -> Channel:
        """Return the direct message between a person and the bot."""
        return self.workspace.direct_message(self.bot_user_id, person.id)

    def add_user_group(self, handle: str, members: Iterable[Person]) -> str:
        """Add a user group and return its id."""
        return self.workspace.add_user_group(handle, [person.id for person in members]).id

    # -- what happened

    @property
    def log(self) -> list[LoggedCall]:
        """Every Web API call, in order."""
        return self._api.log

    @property
    def events(self) -> deque[Change]:
        """The latest changes, in order."""
        return self.changes.history

    def subscribe(self, listener: Callable[[Change], object] | asyncio.Queue[Change]) -> Callable[[], None]:
        """Pass every later change to the listener or queue; call the result to stop that."""
        return self.changes.subscribe(listener)

    async def until(self, predicate: Callable[[], Found], timeout: float = 5) -> Found:  # noqa: ASYNC109
        """Wait until the predicate is true and return what it returned; AssertionError with a dump if not."""
        return await self.changes.until(predicate, timeout, self.dump)

    def dump(self) -> str:
        """What people see, and the latest calls of the app."""
        calls = [f"{call.method} -> {call.error or call.fault or 'ok'}" for call in self.log[-15:]]
        return "\n".join([self.workspace.dump(), "latest calls: " + "; ".join(calls)])

    async def _send(self, kind: Kind, payload: dict[str, Any]) -> Ack:
        ack = await self._delivery.deliver(kind, payload, self.ack_timeout)
        self.deliveries.append(Delivered(kind, payload, ack))
        self.changes.tell("delivered", type=kind, ok=ack.ok, problem=ack.problem)
        return ack

    @property
    def routes(self) -> set[str]:
        """The paths it serves."""
        return {resource.canonical for resource in self._application().router.resources()}

    def _application(self) -> web.Application:
        answers, downloads = ResponseUrlRoute(self.workspace), Downloads(self.workspace, self._api.may_read)
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_route("*", "/api/{method}", self._api.serve)
        app.router.add_get("/link", self.socket.serve)
        app.router.add_post(
            "/{kind:commands|actions|app}/{team}/{secret}", self._faulty("response_url", answers.serve)
        )
        app.router.add_get("/files-pri/{file}/{name}", self._faulty("file", downloads.serve))
        app.router.add_get("/files-pri/{file}/download/{name}", self._faulty("file", downloads.serve))
        app.router.add_get("/", downloads.sign_in)
        app.on_response_prepare.append(self._tell_the_time)
        return app

    async def _tell_the_time(self, _request: web.Request, response: web.StreamResponse) -> None:
        if self.clock_offset:
            response.headers["Date"] = formatdate(time.time() + self.clock_offset, usegmt=True)

    def _faulty(self, place: str, serve: Any) -> Any:
        async def served(request: web.Request) -> web.StreamResponse:
            return await self.faults.around(place, request, lambda: serve(request))

        return served
