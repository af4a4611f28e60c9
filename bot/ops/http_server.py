"""The HTTP port: health, readiness and metrics in both modes, Slack's requests in HTTP mode."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

log = structlog.get_logger()

IDLE_AT_MOST = 30.0
"""Seconds that a connection may be open without the whole head of a request."""

MAX_CONNECTIONS = 256
"""More than Slack and those who watch us ever have; of more, those that are idle longest are closed."""

_LOOK_EVERY = 1.0
_LAST_ANSWERS = 0.5
"""Seconds that requests under way still have when the server stops."""

Route = tuple[str, Callable[[web.Request], Awaitable[web.StreamResponse]]]
Readiness = Callable[[], Awaitable[tuple[bool, dict[str, str]]]]


class HttpServer:
    """`/healthz` answers while the process lives; `/readyz` 200 or 503, and how each part stands.

    `posts` and `gets` are what else is served.
    """

    def __init__(self, ready: Readiness, posts: Sequence[Route], gets: Sequence[Route] = ()) -> None:
        self._ready, self.port = ready, 0
        self._idle_since: dict[object, float] = {}
        self._sweeper: asyncio.Task[None] | None = None
        app = web.Application(middlewares=[self._busy])
        app.add_routes([web.get("/healthz", self._healthz), web.get("/readyz", self._readyz)])
        app.add_routes([web.post(path, handler) for path, handler in posts])
        app.add_routes([web.get(path, handler) for path, handler in gets])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_LAST_ANSWERS)

    async def start(self, host: str, port: int) -> None:
        """Listen; `port` tells which one the system chose if 0 was asked for. Raises OSError."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self._sweeper = asyncio.create_task(self._sweep())
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)
        await self._runner.cleanup()

    @web.middleware
    async def _busy(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A connection with a request under way is not idle; who handles it bounds its time."""
        self._idle_since[request.protocol] = math.inf
        try:
            return await handler(request)
        finally:
            self._idle_since[request.protocol] = time.monotonic()

    async def _sweep(self) -> None:
        """Close connections that send no request, or not all of its head: aiohttp waits for these for ever.

        Each has a file descriptor of the process, and of those there may be only a thousand.
        """
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            now, server = time.monotonic(), self._runner.server
            open_ = list(server.connections) if server is not None else []
            self._idle_since = {each: self._idle_since.get(each, now) for each in open_}
            idle = [each for each in open_ if now - self._idle_since[each] > IDLE_AT_MOST]
            if len(open_) > MAX_CONNECTIONS:
                waiting = [each for each in open_ if self._idle_since[each] < math.inf]
                idle = sorted(waiting, key=self._idle_since.__getitem__)[: len(open_) - MAX_CONNECTIONS]
            for each in idle:
                each.close()
                if each.transport is not None:
                    each.transport.abort()
            if idle:
                log.warning("idle_connections_closed", closed=len(idle), open=len(open_))

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _readyz(self, _request: web.Request) -> web.Response:
        ready, parts = await self._ready()
        return web.json_response(parts, status=200 if ready else 503)
