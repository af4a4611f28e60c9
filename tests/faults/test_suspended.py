"""Between the claim of a call and its bytes: a machine that sleeps, a clock that is set, hours that end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from bot.domain.answer import Conclusion
from bot.domain.errors import TooLate
from bot.polyai.outbound_calling import OutboundCallingApi
from sandbox.slack.model import Message
from tests.support.requests import PAYLOAD
from tests.support.world import NUMBER, World

Opened = Callable[[Callable[[], None]], list[str]]


@pytest.fixture
def once_connected(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Has something happen when a connection to PolyAI is open, and nothing written to it yet; once."""

    def arrange(happens: Callable[[], None]) -> list[str]:
        async def connected(*args: Any, **kwargs: Any) -> Any:
            stream = await connect(*args, **kwargs)
            if not opened:
                happens()
            opened.append("a connection")
            return stream

        opened: list[str] = []
        connect = anyio.connect_tcp
        monkeypatch.setattr("anyio.connect_tcp", connected)
        return opened

    return arrange


async def at_boston(world: World, hour: int, minute: int, second: int) -> None:
    """Start at that time in Boston, on a clock that runs as everybody's."""
    world.clock.suspend(seconds=seconds_until(world, hour, minute, second))
    world.clock.run_at(1)
    await world.start()


def seconds_until(world: World, hour: int, minute: int, second: int) -> float:
    """Boston is four hours behind UTC in August."""
    now = world.clock.now()
    wanted = now.replace(hour=(hour + 4) % 24, minute=minute, second=second, microsecond=0)
    return ((wanted - now) % timedelta(days=1)).total_seconds()


async def approved(world: World) -> Message:
    card = await world.ask()
    await world.bob.click(card, "approve")
    return card


async def next_morning(world: World) -> None:
    world.clock.run_at(40)
    world.clock.jump(seconds=seconds_until(world, 8, 1, 0))


async def test_a_machine_that_slept_after_the_claim_does_not_dial_at_night(
    world: World, once_connected: Opened
) -> None:
    """Claimed in the morning, woken at 21:58 for hours that end at 21:00: nothing is sent at night."""
    await at_boston(world, 9, 58, 0)
    opened = once_connected(lambda: world.clock.suspend(hours=12))
    card = await approved(world)
    await world.told(card, "Too much time passed before the call could be sent. So nothing was sent.")
    assert opened and not world.polyai.posts
    world.clock.jump(seconds=5)
    await world.told(card, "It waits, and is dialed")
    assert not world.polyai.posts
    await next_morning(world)
    await world.told(card, "PolyAI reports success")
    conclusions = world.rows("SELECT conclusion FROM dial_attempts ORDER BY id")
    assert [row["conclusion"] for row in conclusions] == ["never_sent", "placed"]
    assert len(world.polyai.posts) == world.polyai.rings(NUMBER) == 1


async def test_hours_that_end_between_the_claim_and_the_bytes_are_kept(
    world: World, once_connected: Opened
) -> None:
    """Claimed seconds before 21:00, connected seconds after it: nothing is sent till the morning."""
    await at_boston(world, 20, 59, 50)
    opened = once_connected(lambda: world.clock.suspend(seconds=10))
    card = await approved(world)
    await world.told(card, "The hours in which this call is allowed ended before it could be sent.")
    assert opened and not world.polyai.posts
    world.clock.jump(seconds=5)
    await world.told(card, "It waits, and is dialed")
    await next_morning(world)
    await world.told(card, "PolyAI reports success")
    assert len(world.polyai.posts) == world.polyai.rings(NUMBER) == 1


async def test_a_clock_that_is_set_back_meanwhile_is_no_way_around(
    world: World, once_connected: Opened
) -> None:
    """What it says cannot be trusted then: the call is judged anew, and goes out once."""
    await at_boston(world, 12, 0, 0)
    once_connected(lambda: world.clock.suspend(hours=-1))
    card = await approved(world)
    await world.until(lambda: world.rows("SELECT 1 FROM dial_attempts WHERE conclusion = 'never_sent'"))
    assert not world.polyai.posts
    world.clock.run_at(40)
    world.clock.jump(hours=1, minutes=1)
    await world.told(card, "The clock was set back while the call was about to be sent.")
    await world.told(card, "PolyAI reports success")
    assert len(world.polyai.posts) == world.polyai.rings(NUMBER) == 1


async def test_a_clock_that_stands_still_is_no_way_around(
    world: World, once_connected: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set back by as much as has passed, it looks right: another clock counts, which nobody can set."""
    await at_boston(world, 12, 0, 0)
    late: list[float] = []
    monkeypatch.setattr(
        "bot.service.calls.time", SimpleNamespace(monotonic=lambda: time.monotonic() + sum(late))
    )
    once_connected(lambda: late.append(60.0))
    card = await approved(world)
    await world.told(card, "Too much time passed before the call could be sent.")
    assert not world.polyai.posts


@pytest.fixture
async def wire() -> AsyncIterator[tuple[OutboundCallingApi, list[bytes]]]:
    """The client of PolyAI's API, and what came over each connection to a server that never answers."""
    came: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(came)
        came.append(b"")
        while some := await reader.read(1024):
            came[number] += some
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    voice = OutboundCallingApi(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "secret")
    yield voice, came
    await voice.close()
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("asked_before", [0, 1])
async def test_the_last_moment_is_right_before_the_bytes(
    wire: tuple[OutboundCallingApi, list[bytes]], asked_before: int
) -> None:
    """The connection is open, and not one byte of the payload goes out where the check says no.

    It is asked before the head and before the body: a machine may sleep in between, too.
    """
    voice, came = wire
    asked: list[int] = []

    def check() -> None:
        asked.append(len(came))
        if len(asked) > asked_before:
            raise TooLate("Too late.")

    answer = await voice.place(PAYLOAD, check)
    await asyncio.sleep(0.05)
    assert (answer.conclusion, answer.message) == (Conclusion.NEVER_SENT, "Too late.")
    assert len(came) == 1 and len(asked) == asked_before + 1
    assert PAYLOAD not in came[0] and bool(came[0]) == bool(asked_before)
