"""A listener answers as soon as it acknowledges; what it does after that is not lost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.lull import Lull
from handlers.in_flight import InFlight

Ack = Callable[[], Awaitable[None]]


async def acknowledge() -> None:
    """Bolt's acknowledgement, of which nothing is wanted here."""


async def test_it_answers_at_the_acknowledgement_and_is_waited_for_at_the_end() -> None:
    """Bolt gets its answer while the listener is at work; stopping waits until it is done."""
    in_flight, go_on, done = InFlight(Lull()), asyncio.Event(), asyncio.Event()

    async def listener(ack: Ack) -> None:
        await ack()
        await go_on.wait()
        done.set()

    await in_flight.tracked(listener)(ack=acknowledge)
    assert not done.is_set()
    go_on.set()
    await in_flight.drain()
    assert done.is_set()


async def test_an_error_before_the_acknowledgement_is_bolts_to_answer() -> None:
    """It reaches Bolt, and with it the handler that tells the person."""

    async def listener(ack: Any) -> None:
        raise ValueError("before")

    with pytest.raises(ValueError, match="before"):
        await InFlight(Lull()).tracked(listener)(ack=acknowledge)


async def test_an_error_after_the_acknowledgement_is_logged_as_an_incident() -> None:
    """Slack has its answer, so nobody else would hear of it."""
    in_flight = InFlight(Lull())

    async def listener(ack: Ack) -> None:
        await ack()
        raise ValueError("after")

    with capture_logs() as logs:
        await in_flight.tracked(listener)(ack=acknowledge)
        await in_flight.drain()
    assert [line["event"] for line in logs] == ["incident"]


async def test_a_listener_that_never_acknowledges_comes_to_an_end() -> None:
    """Bolt goes on as if it had not been there, instead of waiting for ever."""

    async def listener(ack: Ack) -> None:
        """Nothing."""

    await InFlight(Lull()).tracked(listener)(ack=acknowledge)
