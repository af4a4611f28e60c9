"""Stopping and starting again, in every state: the same card and thread, and at most one call."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.errors import Misconfigured
from sandbox import faults as network
from sandbox.polyai import faults
from sandbox.slack import faults as slack_faults
from tests.support.world import NUMBER, World


async def test_a_pending_request_can_be_approved_after_a_restart(world: World) -> None:
    """The card's buttons work on after a restart."""
    await world.start()
    card = await world.ask()
    await world.restart()
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")
    assert world.cards() == [card] and world.polyai.rings(NUMBER) == 1


async def test_a_request_that_expired_meanwhile_is_expired_at_the_start(world: World) -> None:
    """Time that passed while the bot was down counts."""
    await world.start()
    card = await world.ask()
    await world.stop()
    world.clock.jump(hours=5)
    await world.start()
    await world.told(card, "expired")
    await world.until(lambda: card.buttons == ["open_review"])


async def test_an_approved_call_is_dialed_after_a_restart(world: World) -> None:
    """An approval that could not be dialed before the stop is dialed after it."""
    world.polyai.faults.add("place", faults.answer(429, headers={"Retry-After": "30"}))
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "takes no more calls")
    await world.restart()
    await world.told(card, "PolyAI reports success")
    assert world.polyai.rings(NUMBER) == 1


async def test_a_placed_call_is_followed_after_a_restart(world: World) -> None:
    """The status of a call in progress goes on being told, each line once."""
    world.polyai.set_progress(None)
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "queued")
    await world.stop()
    world.polyai.set_status(next(iter(world.polyai.calls)), "success")
    await world.start()
    await world.told(card, "PolyAI reports success")
    said = world.thread(card)
    assert len(said) == len(set(said))


async def test_an_unconfirmed_call_can_be_closed_after_a_restart(world: World) -> None:
    """The two buttons of an unconfirmed call work on after a restart."""
    world.polyai.faults.add("place", faults.answer(503))
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "A phone may be ringing")
    await world.restart()
    await world.carol.click(card, "close_it")
    await world.shows(card, "Unconfirmed call closed")


async def test_ended_requests_stay_as_they_are(world: World) -> None:
    """After a restart nothing is said again about what has ended."""
    await world.start()
    done = await world.ask()
    await world.bob.click(done, "approve")
    await world.told(done, "PolyAI reports success")
    cancelled = await world.ask()
    await world.alice.click(cancelled, "cancel")
    await world.told(cancelled, "Cancelled by")
    before = [world.thread(done), world.thread(cancelled)]
    await world.restart()
    world.clock.jump(hours=30)
    await asyncio.sleep(0.5)
    assert [world.thread(done), world.thread(cancelled)] == before
    assert world.polyai.rings(NUMBER) == 1


async def test_what_slack_did_not_take_is_told_after_the_restart(world: World) -> None:
    """Lines that Slack refused while it was down are posted later, in order, each once."""
    await world.start()
    card = await world.ask()
    for method in ("chat.postMessage", "chat.update"):
        world.slack.faults.add(method, slack_faults.http_error(503), times=None)
    await world.bob.click(card, "approve")
    await world.polyai.until(lambda: world.polyai.calls)
    await world.stop()
    world.slack.faults.clear()
    await world.start()
    await world.told(card, "PolyAI reports success")
    said = world.thread(card)
    assert [line.split()[0] for line in said[:2]] == ["Approved", "Call"]
    assert "success" in said[-1] and len(said) == len(set(said))


async def test_a_card_whose_answer_was_lost_may_appear_twice_and_both_copies_work(world: World) -> None:
    """Slack posted the card and the answer was lost: a click on the copy we do not know updates it."""
    world.slack.faults.add("chat.postMessage", network.lose_answer())
    await world.start()
    await world.ask()
    first, second = await world.until(lambda: world.cards() if len(world.cards()) == 2 else None)
    await world.bob.click(first, "approve")
    await world.shows(first, "Approved by")
    await world.shows(second, "Approved by")
    await world.until(lambda: world.polyai.calls)
    assert world.polyai.rings(NUMBER) == 1


async def test_two_processes_do_not_share_a_database(world: World) -> None:
    """A second Callgate on the same database ends with one sentence."""
    await world.start()
    second = World(world.database.parent)
    second.slack, second.polyai = world.slack, world.polyai
    with pytest.raises(Misconfigured, match="Another Callgate is running"):
        await second.start()


@pytest.mark.parametrize("pause", [0.0, 0.02, 0.05, 0.1])
async def test_a_stop_in_the_middle_finishes_what_is_under_way(world: World, pause: float) -> None:
    """Stopped right after the approval, the bot leaves no half-done call and tells nothing twice."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await asyncio.sleep(pause)
    await world.restart()
    await world.told(card, "PolyAI reports success")
    said = world.thread(card)
    assert len(said) == len(set(said)) and len(world.cards()) == 1
    assert world.polyai.rings(NUMBER) == 1
    conclusions = world.rows("SELECT conclusion FROM dial_attempts")
    assert [row["conclusion"] for row in conclusions] == ["placed"]
