"""The HTTP port: health, readiness and metrics in both modes, Slack's requests in HTTP mode."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

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
        app = web.Application()
        app.add_routes([web.get("/healthz", self._healthz), web.get("/readyz", self._readyz)])
        app.add_routes([web.post(path, handler) for path, handler in posts])
        app.add_routes([web.get(path, handler) for path, handler in gets])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_LAST_ANSWERS)

    async def start(self, host: str, port: int) -> None:
        """Listen; `port` tells which one the system chose if 0 was asked for. Raises OSError."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _readyz(self, _request: web.Request) -> web.Response:
        ready, parts = await self._ready()
        return web.json_response(parts, status=200 if ready else 503)
