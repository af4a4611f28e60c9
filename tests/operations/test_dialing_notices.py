"""Dialing that stops because PolyAI refuses our access: the channel is told once, and once at the end."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.faults import Fault
from sandbox.polyai import faults
from sandbox.slack import faults as slack_faults
from sandbox.slack.model import Message
from tests.support.world import FORM, NO_CAPS, NUMBER, World

STOPPED, GOES_ON = "Dialing has stopped", "Dialing goes on"


async def approved(world: World) -> Message:
    card = await world.ask()
    await world.bob.click(card, "approve")
    return card


def told(world: World) -> list[str]:
    return [STOPPED if STOPPED in notice else GOES_ON for notice in world.notices()]


async def some_minutes(world: World) -> None:
    """Ten of them, in steps that are shorter than the lease of a POST under way."""
    for _ in range(10):
        world.clock.jump(minutes=1)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_the_channel_is_told_once_that_dialing_stopped_and_once_that_it_goes_on(
    world: World, status: int
) -> None:
    """However many calls are refused for how long, there is one message, and one when the token works."""
    world.polyai.faults.add("place", faults.answer(status), times=None)
    await world.start(callgate_policy=NO_CAPS)
    cards = [await approved(world) for _ in range(3)]
    await world.until(lambda: told(world) == [STOPPED])
    await some_minutes(world)
    await world.until(lambda: len(world.polyai.posts) > 2)
    assert told(world) == [STOPPED]
    assert f"PolyAI answered {status}" in world.notices()[0] and "callgate doctor" in world.notices()[0]
    world.polyai.faults.clear("place")
    await some_minutes(world)
    for card in cards:
        await world.told(card, "PolyAI reports success")
    assert told(world) == [STOPPED, GOES_ON]
    assert world.polyai.rings(NUMBER) == 3


async def test_a_restart_in_between_tells_nothing_twice(world: World) -> None:
    """The bot that starts while the token is still wrong knows that the channel knows."""
    world.polyai.refuse_token = True
    await world.start()
    card = await approved(world)
    await world.until(lambda: told(world) == [STOPPED])
    tried = len(world.polyai.posts)
    await world.restart()
    await some_minutes(world)
    await world.until(lambda: len(world.polyai.posts) > tried)
    await asyncio.sleep(0.2)
    assert told(world) == [STOPPED]
    await world.restart()
    world.polyai.refuse_token = False
    await some_minutes(world)
    await world.told(card, "PolyAI reports success")
    await world.until(lambda: told(world) == [STOPPED, GOES_ON])


async def test_each_episode_is_told(world: World) -> None:
    """A token that works again and is refused again is told again."""
    await world.start()
    for episode in range(1, 3):
        world.polyai.refuse_token = True
        card = await approved(world)
        await world.until(lambda n=episode: told(world) == [STOPPED, GOES_ON] * (n - 1) + [STOPPED])
        world.polyai.refuse_token = False
        await some_minutes(world)
        await world.told(card, "PolyAI reports success")
        await world.until(lambda n=episode: told(world) == [STOPPED, GOES_ON] * n)


@pytest.mark.parametrize("fault", [faults.answer(503), faults.gateway(400), faults.gateway(500)])
async def test_an_answer_that_says_nothing_of_the_access_does_not_end_it(world: World, fault: Fault) -> None:
    """An outage, or a stranger's error, while the token is refused is no proof that the token works."""
    world.polyai.refuse_token = True
    await world.start()
    await approved(world)
    await world.until(lambda: told(world) == [STOPPED])
    world.polyai.faults.add("place", fault)
    tried = len(world.polyai.posts)
    await some_minutes(world)
    await world.until(lambda: len(world.polyai.posts) > tried)
    await asyncio.sleep(0.2)
    assert told(world) == [STOPPED]


async def test_it_goes_to_the_approvals_channel(world: World) -> None:
    """Where cards go to one channel, the notice goes there."""
    calls = world.slack.add_channel("approvals", [world.alice, world.bob])
    world.polyai.refuse_token = True
    await world.start(callgate_approvals_channel=calls.id)
    await world.alice.type("/call", world.channel)
    await world.until(lambda: world.alice.modals)
    await world.unfold(world.alice, FORM)
    await world.alice.submit(values=FORM)
    card = (await world.until(lambda: world.cards(calls)))[0]
    await world.bob.click(card, "approve")
    await world.until(lambda: [STOPPED in notice for notice in world.notices(calls)] == [True])
    assert not world.notices()


async def test_it_is_told_when_slack_is_back(world: World) -> None:
    """The message waits in the outbox as any other, and both are told in order."""
    world.polyai.refuse_token = True
    await world.start()
    card = await world.ask()
    world.slack.faults.add("chat.postMessage", slack_faults.http_error(503), times=None)
    await world.bob.click(card, "approve")
    await world.polyai.until(lambda: world.polyai.posts)
    world.polyai.refuse_token = False
    await some_minutes(world)
    await world.polyai.until(lambda: world.polyai.calls)
    await world.restart()
    world.slack.faults.clear()
    await some_minutes(world)
    await world.told(card, "PolyAI reports success")
    await world.until(world.notices)
    words = " ".join(world.notices())
    assert words.count(STOPPED) == words.count(GOES_ON) == 1 and words.index(STOPPED) < words.index(GOES_ON)
