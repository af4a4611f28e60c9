"""Following a placed call until its outcome is known."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from sandbox import faults as network
from sandbox.faults import Fault
from sandbox.polyai import faults
from sandbox.slack.model import Message
from tests.support.world import World


async def placed(world: World) -> tuple[Message, str]:
    card = await world.ask()
    await world.bob.click(card, "approve")
    call_sid = await world.polyai.until(lambda: next(iter(world.polyai.calls), None))
    await world.told(card, call_sid)
    return card, call_sid


async def test_a_failure_tells_polyais_reason(world: World) -> None:
    """Failure shows the reason as PolyAI wrote it, in the thread and on the card."""
    world.polyai.set_progress(None)
    await world.start()
    card, call_sid = await placed(world)
    world.polyai.set_status(call_sid, "failure", "call queueing: <!channel> max timeout")
    await world.told(card, "call queueing: <!channel> max timeout")
    await world.shows(card, "Call failed")
    assert "max timeout" in card.plain


async def test_polls_come_every_two_to_five_seconds_and_end_with_the_outcome(world: World) -> None:
    """The contract's pace is kept, and nothing is asked after a final status."""
    world.clock.run_at(10)
    await world.start()
    card, call_sid = await placed(world)
    await world.told(card, "PolyAI reports success")
    polls = list(world.polyai.calls[call_sid].polls)
    waits = [later - earlier for earlier, later in itertools.pairwise(polls)]
    assert waits and min(waits) >= 2 and max(waits) < 7
    await asyncio.sleep(0.5)
    assert len(world.polyai.calls[call_sid].polls) == len(polls)


@pytest.mark.parametrize(
    "fault", [faults.answer(500), faults.answer(401), network.drop(), network.garbage(), faults.truncated()]
)
async def test_an_error_while_polling_is_asked_again(world: World, fault: Fault) -> None:
    """Nothing is concluded from a status answer that cannot be read; the call is followed on."""
    world.polyai.faults.add("status", fault, times=2)
    await world.start()
    card, _ = await placed(world)
    await world.told(card, "PolyAI reports success")


async def test_a_404_in_the_first_minute_is_asked_again(world: World) -> None:
    """PolyAI may not know a call yet that it has just accepted."""
    world.polyai.faults.add("status", faults.answer(404), times=3)
    await world.start()
    card, _ = await placed(world)
    await world.told(card, "PolyAI reports success")


async def test_a_404_after_the_retention_is_status_lost(world: World) -> None:
    """Two hours later PolyAI has forgotten the call: the outcome is not known, and is said not to be."""
    world.polyai.set_progress(None)
    await world.start()
    card, _ = await placed(world)
    await world.told(card, "queued")
    world.polyai.faults.add("status", faults.answer(404), times=None)
    world.clock.jump(hours=3)
    await world.told(card, "no longer tells")
    await world.shows(card, "its outcome is not known")


async def test_a_404_that_is_not_polyais_loses_no_call(world: World) -> None:
    """Something in front of PolyAI does not know what PolyAI keeps: it is asked again, however late."""
    world.polyai.set_progress(None)
    await world.start()
    card, call_sid = await placed(world)
    await world.told(card, "queued")
    world.polyai.faults.add("status", faults.gateway(404), times=2)
    strangers_json = faults.STRANGERS_BODIES["JSON with an error"]
    world.polyai.faults.add("status", faults.gateway(404, strangers_json), times=2)
    world.clock.jump(hours=3)
    polls = len(world.polyai.calls[call_sid].polls)
    await world.polyai.until(lambda: len(world.polyai.calls[call_sid].polls) > polls + 4)
    world.polyai.set_status(call_sid, "success")
    await world.told(card, "PolyAI reports success")


async def test_an_unknown_status_word_is_shown_and_polled_on(world: World) -> None:
    """A word that the contract does not know is told as it is, and does not end the call."""
    world.polyai.faults.add("status", faults.answer(200, '{"status": "Wobbling", "reason": "odd"}'))
    await world.start()
    card, _ = await placed(world)
    await world.told(card, "wobbling")
    await world.told(card, "PolyAI reports success")


async def test_each_status_is_told_once(world: World) -> None:
    """However often PolyAI says the same, the thread says it once."""
    world.polyai.set_progress(None)
    await world.start()
    card, call_sid = await placed(world)
    await world.polyai.until(lambda: len(world.polyai.calls[call_sid].polls) >= 4)
    world.polyai.set_status(call_sid, "success")
    await world.told(card, "PolyAI reports success")
    said = world.thread(card)
    assert len(said) == len(set(said)) == 4
