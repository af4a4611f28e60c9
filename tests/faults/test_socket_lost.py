"""The Socket Mode connection is lost in every way there is, and comes back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.slack import faults
from sandbox.slack.socket_mode import SocketMode
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("hasty")


async def reads(world: World, status: int, words: str) -> None:
    """Wait until `/readyz` says so of Slack."""
    for _ in range(200):
        answered, parts = await world.readiness()
        if (answered, parts["slack"]) == (status, words):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"/readyz says {answered} {parts}")


async def reconnected(world: World, before: list[Any]) -> None:
    """Wait until there is a connection that was not there before, and a call can be asked for."""
    await world.until(lambda: set(world.slack.socket.connections) - set(before), timeout=15)
    await reads(world, 200, "connected")
    await world.ask()


def opened(world: World) -> int:
    """How many addresses Slack was asked for."""
    return sum(call.method == "apps.connections.open" for call in world.slack.log)


async def handshakes_refused(socket: SocketMode) -> None:
    socket.refuse_handshakes(2)
    await socket.drop()


async def tickets_used_up(socket: SocketMode) -> None:
    """The handshake fails after the ticket was taken: the same address is no good any more."""
    socket.refuse_handshakes(1, use_up=True)
    await socket.drop()


async def tickets_too_old(socket: SocketMode) -> None:
    """Every ticket is too old by the time it is used, for a second."""
    tickets = socket._workspace.tickets
    tickets.ttl = -1.0
    await socket.drop()
    await asyncio.sleep(1.0)
    tickets.ttl = 30.0


async def gone_silent(socket: SocketMode) -> None:
    """A half-open connection: nothing is answered any more, and nobody says why."""
    socket.go_silent()


LOSSES: dict[str, Callable[[SocketMode], Any]] = {
    "dropped": lambda socket: socket.drop(),
    "handshake refused": handshakes_refused,
    "ticket used twice": tickets_used_up,
    "ticket too old": tickets_too_old,
    "silent": gone_silent,
    "warning": lambda socket: socket.disconnect("warning"),
    "refresh_requested": lambda socket: socket.disconnect("refresh_requested"),
    "link_disabled": lambda socket: socket.disconnect("link_disabled"),
    "too_many_websockets": lambda socket: socket.disconnect("too_many_websockets"),
    "a reason nobody knows": lambda socket: socket.disconnect("tomorrow"),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_lost_connection_comes_back(world: World, loss: str) -> None:
    """However it was lost: there is a new one within seconds, `/readyz` says so, and people are heard."""
    await world.start()
    before = list(world.slack.socket.connections)
    await LOSSES[loss](world.slack.socket)
    await reconnected(world, before)


@pytest.mark.parametrize("fault", [faults.http_error(503), faults.error("internal_error"), faults.drop()])
async def test_no_address_is_asked_for_again(world: World, fault: faults.Fault) -> None:
    """Where Slack gives no address for a new connection, it is asked again, later and later."""
    await world.start()
    before = list(world.slack.socket.connections)
    world.slack.faults.add("apps.connections.open", fault, times=3)
    await world.slack.socket.drop()
    await reconnected(world, before)


async def test_slack_says_when_to_ask_for_an_address_again(world: World) -> None:
    """`Retry-After` holds for the connection too: nothing is asked for before its end."""
    await world.start()
    before = list(world.slack.socket.connections)
    world.slack.faults.add("apps.connections.open", faults.rate_limited(2), times=2)
    await world.slack.socket.drop()
    await reconnected(world, before)
    *_, refused, granted = [call.at for call in world.slack.log if call.method == "apps.connections.open"]
    assert granted - refused > 2 * 40 * 0.95, "the world's clock is 40 times as fast"


async def test_socket_mode_switched_off_is_told_and_waited_for(world: World) -> None:
    """The log says what to do, `/readyz` why; it is tried slowly, and comes back once it is switched on."""
    await world.start()
    before, asked = list(world.slack.socket.connections), opened(world)
    await world.slack.socket.switch_off()
    await reads(world, 503, "disconnected: link_disabled")
    await asyncio.sleep(3)
    assert 1 <= opened(world) - asked <= 12, "a storm"
    told = [entry for entry in world.logs.lines if entry["event"] == "socket_sent_away"]
    assert told and "switch it on again" in told[0]["what_to_do"]
    world.slack.socket.switch_on()
    await reconnected(world, before)


async def test_connections_of_others_are_told(world: World) -> None:
    """Slack counts more than our one: the log says what to do, and `/readyz` that clicks are shared."""
    world.slack.socket.num_connections_reported = 3
    await world.start()
    await reads(world, 200, "connected, one of 3 connections")
    (told,) = [entry for entry in world.logs.lines if entry["event"] == "connections_shared"]
    assert told["num_connections"] == 3 and "SLACK_APP_TOKEN" in told["what_to_do"]
    world.slack.socket.num_connections_reported = None
    await world.slack.socket.disconnect("refresh_requested")
    await reads(world, 200, "connected")
