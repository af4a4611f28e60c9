"""Serves the page: its files, one stream of what happens, and the requests to do something."""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from sandbox.loopback import LoopbackServer
from sandbox.page.carry_out import carry_out
from sandbox.page.coverage import coverage
from sandbox.page.feed import Feed
from sandbox.page.guard import add_headers, guard
from sandbox.page.orders import read_order
from sandbox.page.page_model import PageModel
from sandbox.page.real_tokens import check_no_real_token
from sandbox.page.refusals import Malformed, NotNow
from sandbox.sandbox import Sandbox

STATIC = Path(__file__).parent / "static"
LARGEST_REQUEST = 11 * 1024 * 1024
SILENT_SECONDS = 15


class Page:
    """The page of one sandbox, on a loopback socket. `start`, then `stop`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.model = PageModel(sandbox)
        self._server = LoopbackServer()

    async def start(self, port: int = 0) -> None:
        """Listen on the port (0: any free one). OSError when it is taken."""
        await self._server.start(self._application(), port)

    async def stop(self) -> None:
        """Close every window's stream and the socket."""
        await self.model.bot.stop()
        await self._server.stop()

    @property
    def url(self) -> str:
        """The page's address."""
        return self._server.url

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[guard])
        app.router.add_get("/", self._index)
        app.router.add_static("/static/", STATIC)
        app.router.add_get("/stream", self._stream)
        app.router.add_get("/coverage", self._coverage)
        app.router.add_get("/record", self._record)
        app.router.add_post("/do", self._do)
        app.router.add_post("/files/{person}/{name}", self._upload)
        app.on_response_prepare.append(add_headers)
        return app

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html")

    async def _coverage(self, request: web.Request) -> web.Response:
        return web.json_response(coverage())

    async def _record(self, request: web.Request) -> web.Response:
        try:
            written = await self.model.record()
        except RuntimeError as error:
            raise NotNow(f"The record cannot be read: {error}") from None
        return web.json_response([json.loads(line) for line in written.splitlines()])

    async def _do(self, request: web.Request) -> web.Response:
        _check_content_type(request, "application/json")
        return web.json_response(await carry_out(self.model, read_order(await request.read())))

    async def _upload(self, request: web.Request) -> web.Response:
        # Like JSON, this type makes a browser ask before it sends it from another origin.
        _check_content_type(request, "application/octet-stream")
        person = self.model.find_person(request.match_info["person"])
        content = await request.read()
        check_no_real_token(content.decode(errors="replace"))
        file = await person.upload(unquote(request.match_info["name"]), content)
        self.model.files[file.id] = file
        return web.json_response({"ok": True, "id": file.id, "name": file.name, "size": len(content)})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        person = self.model.find_person(request.query.get("person") or next(iter(self.model.slack.people)))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):  # the window was closed
            await _tell(response, Feed(self.model, person))
        return response


async def _tell(response: web.StreamResponse, feed: Feed) -> None:
    loop = asyncio.get_running_loop()
    spoke = loop.time()
    async with contextlib.aclosing(feed.patches()) as patches:
        async for patch in patches:
            # A word now and then finds out whether anybody is still there.
            if patch or loop.time() - spoke > SILENT_SECONDS:
                await response.write(_event(patch) if patch else b":\n\n")
                spoke = loop.time()


def _event(patch: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(patch, separators=(",", ":")).encode() + b"\n\n"


def _check_content_type(request: web.Request, expected: str) -> None:
    if request.content_type != expected:
        raise Malformed(f"The request's content type has to be {expected}.")
