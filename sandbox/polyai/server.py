"""The emulated PolyAI as one thing to start, stop, steer and ask."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

from sandbox.changes import Change, Changes
from sandbox.loopback import LoopbackServer
from sandbox.polyai.calls import Calls, PlacedCall, Status, Step
from sandbox.polyai.contract import PolyAIRefuses, understood
from sandbox.polyai.faults import Faults, StrangersAnswer

Found = TypeVar("Found")

TOKEN_HEADER = "X-PolyAi-Auth-Token"  # noqa: S105 - a header's name
CORRELATION_HEADER = "X-PolyAI-Correlation-Id"
PATH = "/v1/outbound-calling"


@dataclass(eq=False)
class Post:
    """A request to place a call: exactly what came, and what was answered if anything was.

    `call_sid` is there whenever a phone rang, whether or not the answer said so.
    """

    at: float
    headers: dict[str, str]
    body: bytes
    answer_status: int | None = None
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    answer_body: bytes | None = None
    call_sid: str | None = None
    fault: str = ""

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class EmulatedPolyAI:
    """The Outbound Calling API on a loopback socket.

    `progress` lists (seconds after placement, status, reason) for every call placed from now on; without
    it a call stays queued until set_status. `now` is the clock of both, and of the two hours a status is
    kept after the end.
    """

    def __init__(self, now: Callable[[], float] = time.time, progress: Sequence[Step] | None = None) -> None:
        self.token = f"sandbox-polyai-token-{secrets.token_hex(12)}"
        self.refuse_token = False
        self.posts: list[Post] = []
        self.faults = Faults()
        self.changes = Changes()
        self._calls = Calls(now, progress or [])
        self._now = now
        self._server = LoopbackServer()

    async def start(self, port: int = 0) -> None:
        """Listen on a loopback port (0: any free one). What happened before a stop() is still there."""
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_post(PATH, self._place)
        app.router.add_get(PATH + "/{call_sid}/status", self._status)
        app.on_response_prepare.append(_correlate)
        await self._server.start(app, port)

    async def stop(self) -> None:
        """Close every socket."""
        await self._server.stop()

    @property
    def url(self) -> str:
        """The base URL, as PolyAI gives one to each project."""
        return self._server.url

    @property
    def calls(self) -> dict[str, PlacedCall]:
        """Every call that was placed, by call_sid."""
        return self._calls.by_sid

    def rings(self, to_number: str) -> int:
        """How often the phone with this number (in E.164) was rung."""
        return self._calls.rings(to_number)

    def set_status(self, call_sid: str, status: Status, reason: str = "") -> None:
        """Let a call be in this state from now on. A call that has ended stays as it is."""
        self._calls.set_status(call_sid, status, reason)
        self.changes.tell("status_set", call_sid=call_sid, status=status, reason=reason)

    def lose(self, call_sid: str) -> None:
        """Know nothing of the call any more: its status is answered 404 from now on."""
        self.calls[call_sid].lost = True
        self.changes.tell("status_set", call_sid=call_sid, status="lost", reason="")

    def set_progress(self, progress: Sequence[Step] | None) -> None:
        """Let calls that are placed from now on go like this."""
        self._calls.progress = list(progress or [])

    def subscribe(self, listener: Callable[[Change], object] | asyncio.Queue[Change]) -> Callable[[], None]:
        """Pass every later change to the listener or queue; call the result to stop that."""
        return self.changes.subscribe(listener)

    async def until(self, predicate: Callable[[], Found], timeout: float = 5) -> Found:  # noqa: ASYNC109
        """Wait until the predicate is true and return what it returned; AssertionError with a dump if not."""
        return await self.changes.until(predicate, timeout, self.dump)

    def dump(self) -> str:
        """The requests and the calls, as text without numbers."""
        posts = [f"POST -> {post.answer_status} {post.fault} {post.call_sid}" for post in self.posts]
        calls = [f"{sid}: {c.status} {c.reason} polled {len(c.polls)}x" for sid, c in self.calls.items()]
        return "\n".join(["PolyAI:", *posts, *calls])

    async def _place(self, request: web.Request) -> web.StreamResponse:
        secret = TOKEN_HEADER.lower()
        headers = {name: value for name, value in request.headers.items() if name.lower() != secret}
        post = Post(self._now(), headers, await request.read())
        self.posts.append(post)

        async def work() -> web.StreamResponse:
            return self._answered(request, lambda: self._ring(request, post))

        answer = await self._around("place", request, work, post)
        self.changes.tell("posted", status=post.answer_status, call_sid=post.call_sid, fault=post.fault)
        return answer

    async def _around(
        self, place: str, request: web.Request, work: Callable[[], Awaitable[web.StreamResponse]], post: Post
    ) -> web.StreamResponse:
        fault = self.faults.take(place)
        if fault is not None:
            post.fault = fault.name
        answer = await (work() if fault is None else fault.act(request, work))
        if request.transport is not None and not request.transport.is_closing():
            post.answer_status, post.answer_headers = answer.status, answer.headers
            body = answer.body if isinstance(answer, web.Response) else None
            post.answer_body = body if isinstance(body, bytes) else None
        return answer

    async def _status(self, request: web.Request) -> web.StreamResponse:
        async def work() -> web.StreamResponse:
            return self._answered(request, lambda: self._told(request))

        answer = await self.faults.around("status", request, work)
        self.changes.tell("polled", call_sid=request.match_info["call_sid"], status=answer.status)
        return answer

    def _ring(self, request: web.Request, post: Post) -> dict[str, str]:
        call = self._calls.place(understood(request.content_type, post.body))
        post.call_sid = call.call_sid
        self.changes.tell("placed", call_sid=call.call_sid)
        return {"call_sid": call.call_sid}

    def _told(self, request: web.Request) -> dict[str, str]:
        call = self._calls.polled(request.match_info["call_sid"])
        return {"status": call.status, "reason": call.reason}

    def _answered(self, request: web.Request, work: Callable[[], dict[str, str]]) -> web.Response:
        try:
            if self.refuse_token or request.headers.get(TOKEN_HEADER) != self.token:
                raise PolyAIRefuses(401, "invalid or missing authentication token", "unauthorized")
            return web.json_response(work())
        except PolyAIRefuses as refusal:
            return web.json_response(refusal.body, status=refusal.status)


async def _correlate(request: web.Request, response: web.StreamResponse) -> None:
    if not isinstance(response, StrangersAnswer):
        response.headers[CORRELATION_HEADER] = str(uuid.uuid4())
