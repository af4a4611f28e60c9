"""The client that asks for statuses: what it does not take, and the way it goes."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.polyai.asking import AskingClient, NoReply
from sandbox.loopback import LoopbackServer

FAILURE = b'{"status": "failure", "reason": ""}'


@pytest.fixture
async def server() -> AsyncIterator[LoopbackServer]:
    """Answers in ways that PolyAI should not, and notes nothing."""
    app = web.Application()
    app.router.add_get("/plain", _plain)
    app.router.add_get("/elsewhere", _elsewhere)
    app.router.add_get("/compressed", _compressed)
    app.router.add_get("/endless", _endless)
    loopback = LoopbackServer()
    await loopback.start(app, 0)
    yield loopback
    await loopback.stop()


async def _plain(_request: web.Request) -> web.Response:
    return web.Response(body=FAILURE, headers={"X-PolyAI-Correlation-Id": "id", "Set-Cookie": "a=b"})


async def _elsewhere(_request: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": "/plain"})


async def _compressed(_request: web.Request) -> web.Response:
    return web.Response(body=gzip.compress(FAILURE), headers={"Content-Encoding": "gzip"})


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while request.transport is not None and not request.transport.is_closing():
        await response.write(b" " * 65_536)
    return response


@pytest.fixture
async def client(server: LoopbackServer) -> AsyncIterator[AskingClient]:
    asking = AskingClient(server.url + "/", {"X-PolyAi-Auth-Token": "secret"})
    yield asking
    await asking.close()


async def test_an_answer_comes_whole(client: AskingClient) -> None:
    """Status, body and the id that PolyAI's support asks for."""
    reply = await client.get("/plain")
    assert (reply.status, reply.body, reply.correlation_id) == (200, FAILURE, "id")


async def test_a_redirect_is_not_followed(client: AskingClient) -> None:
    """It is an answer like any other, and the token goes nowhere else."""
    assert (await client.get("/elsewhere")).status == 302


async def test_nothing_is_decompressed(client: AskingClient) -> None:
    """A few bytes could become any number of them; nobody asked for that, and it is not read."""
    assert (await client.get("/compressed")).json_object() == {}


async def test_an_answer_that_does_not_end_is_given_up(client: AskingClient) -> None:
    """No more is read than an answer of PolyAI's can be long."""
    with pytest.raises(NoReply):
        await client.get("/endless")


async def test_nobody_there_is_no_reply(client: AskingClient, server: LoopbackServer) -> None:
    """Whatever the network does is one error of ours."""
    await server.stop()
    with pytest.raises(NoReply):
        await client.get("/plain")


async def test_the_environments_proxy_is_used(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for the calls that are placed, unless NO_PROXY names the host."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", server.url)
    proxied = AskingClient("http://polyai.invalid", {})
    assert (await proxied.get("/plain")).body == FAILURE
    await proxied.close()
    monkeypatch.setenv("no_proxy", "polyai.invalid")
    direct = AskingClient("http://polyai.invalid", {})
    with pytest.raises(NoReply):
        await direct.get("/plain")
    await direct.close()
