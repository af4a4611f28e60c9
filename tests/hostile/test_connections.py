"""The HTTP port among strangers: connections that say nothing, requests nobody signed, Slack's own look."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.ops import http_server
from tests.support.world import World


async def open_silently(world: World, number: int, sends: bytes = b"") -> list[asyncio.StreamWriter]:
    """So many connections that send nothing more than that."""
    writers = []
    for _ in range(number):
        _, writer = await asyncio.open_connection("127.0.0.1", world.port)
        writer.write(sends)
        writers.append(writer)
    return writers


@pytest.mark.parametrize("sends", [b"", b"POST /slack/events HTTP/1.1\r\nHost: x\r\n"])
async def test_connections_without_a_request_are_closed(
    world: World, sends: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silent or half-sent, they are closed after a while, and the log says how many."""
    monkeypatch.setattr(http_server, "IDLE_AT_MOST", 0.5)
    monkeypatch.setattr(http_server, "_LOOK_EVERY", 0.2)
    await world.start()
    writers = await open_silently(world, 20, sends)
    await world.until(lambda: "idle_connections_closed" in world.logs.text)
    assert (await world.readiness())[1]["database"] == "writable"
    for writer in writers:
        writer.close()


async def test_more_connections_than_anybody_needs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are idle longest go first, and the port answers all the while."""
    monkeypatch.setattr(http_server, "MAX_CONNECTIONS", 10)
    monkeypatch.setattr(http_server, "_LOOK_EVERY", 0.2)
    await world.start()
    writers = await open_silently(world, 60)
    await world.until(lambda: "idle_connections_closed" in world.logs.text)
    assert (await world.readiness())[1]["dialing"] == "on"
    for writer in writers:
        writer.close()


async def over_http(world: World) -> None:
    """Start it so that Slack reaches it over HTTP."""
    await world.start(slack_app_token=None, slack_signing_secret=world.slack.signing_secret)
    world.slack.deliver_over_http(f"http://127.0.0.1:{world.port}/slack/events")


async def post(world: World, body: str) -> int:
    """Post it without a signature; the status."""
    url, headers = f"http://127.0.0.1:{world.port}/slack/events", {"Content-Type": FORM}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


FORM = "application/x-www-form-urlencoded"


async def test_slacks_look_at_the_certificate_gets_its_answer(world: World) -> None:
    """`ssl_check` comes unsigned, and wants a 200; nothing else unsigned gets one."""
    await over_http(world)
    assert await post(world, "ssl_check=1&token=x") == 200
    assert await post(world, "command=%2Fcall") == 401


async def test_a_wrong_secret_is_said(world: World) -> None:
    """Every click fails, and the log, the metrics and /readyz say why."""
    await over_http(world)
    assert "nothing yet that it signed" in (await world.readiness())[1]["slack"]
    for _ in range(5):
        await post(world, "command=%2Fcall")
    assert world.logs.text.count("request_refused") == 1 and "SLACK_SIGNING_SECRET" in world.logs.text
    url = f"http://127.0.0.1:{world.port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert 'callgate_requests_refused_total{reason="signature"} 5.0' in await answer.text()
    await world.alice.type("/call", world.channel)
    await world.until(lambda: world.alice.modals)
    assert "last heard" in (await world.readiness())[1]["slack"]
