"""Many calls in one channel that all end in the same moment, while Slack's limits are enforced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.slack.model import Message
from sandbox.slack.web_api import LoggedCall
from tests.support.promises import Reckoning, reckon
from tests.support.world import FORM, NO_CAPS, World

AT_ONCE = 8
"""People who ask and decide at the same time; the limits are not enforced while they do."""

CALLING_SECONDS = 10.0
POLLING_SPEED = 2.0
"""How many times as fast the clock may run while every call is being polled."""

THREAD, CARD = "PolyAI reports success", "Call connected"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What came of it: seconds from the end of the calls until each was seen to have ended, sorted."""

    calls: int
    in_thread: list[float]
    on_card: list[float]
    posts: int
    edits: int
    refused: int
    reckoning: Reckoning


async def run(folder: Path, calls: int, speed: float, say: Say) -> Outcome:
    """So many calls; the clock runs `speed` times as fast while Slack is told of their ends."""
    world = World(folder)
    await world.open()
    try:
        await _under_way(world, calls, say)
        return await _ended(world, calls, speed, say)
    finally:
        await world.close()


async def _under_way(world: World, calls: int, say: Say) -> None:
    """All of them asked for, approved, placed and calling; much of it Slack was not told yet."""
    world.polyai.set_progress(None)
    world.slack.limits.enforced = False
    await world.start(callgate_policy=NO_CAPS, callgate_max_pending=calls)
    say(f"{calls} calls are asked for")
    people = [world.slack.add_person(f"Requester {number}") for number in range(AT_ONCE)]
    world.channel.members += [person.id for person in people]
    world.clock.run_at(200.0)
    shares = [range(number, calls, AT_ONCE) for number in range(AT_ONCE)]
    await _together(_ask(world, person, share) for person, share in zip(people, shares, strict=True))
    cards = await world.until(lambda: _all_of(world.cards(), calls), timeout=600)
    say("they are approved and placed")
    world.clock.run_at(POLLING_SPEED)
    await _together(_approve(world, cards[number::AT_ONCE]) for number in range(AT_ONCE))
    await world.polyai.until(lambda: _all_of(world.polyai.calls, calls), timeout=600)
    world.slack.limits.enforced = True
    _all_are(world, "calling")
    await world.clock.sleep(CALLING_SECONDS)


async def _ended(world: World, calls: int, speed: float, say: Say) -> Outcome:
    log_before, refused_before = len(world.slack.log), _refused(world)
    _all_are(world, "success")
    began = world.clock.time()
    say("they end, all of them at once")
    await _until(lambda: _count(world, "status <> 'succeeded'") == 0)
    say(f"that is known after {world.clock.time() - began:.0f} s; now Slack is told")
    world.clock.run_at(speed)
    await _until(lambda: not world.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL"))
    log = [call for call in world.slack.log[log_before:] if (call.answer or {}).get("ok")]
    posts = [call for call in log if call.method == "chat.postMessage"]
    edits = [call for call in log if call.method == "chat.update"]
    return Outcome(
        calls,
        _seen(posts, "thread_ts", THREAD, began),
        _seen(edits, "ts", CARD, began),
        len(posts),
        len(edits),
        _refused(world) - refused_before,
        reckon(world.database, world.slack, world.polyai),
    )


async def _ask(world: World, person: Any, share: range) -> None:
    for number in share:
        await person.type("/call", world.channel)
        await world.until(lambda: person.modals)
        await world.unfold(person, FORM)
        await person.submit(values={**FORM, "why": f"Reminder {number}"})
        assert not person.modals, person.modals[-1].errors


async def _approve(world: World, cards: list[Message]) -> None:
    for card in cards:
        await world.bob.click(card, "approve")


async def _together(work: Any) -> None:
    async with asyncio.TaskGroup() as group:
        for coroutine in work:
            group.create_task(_run(coroutine))


async def _run(work: Coroutine[Any, Any, None]) -> None:
    await work


async def _until(predicate: Callable[[], bool]) -> None:
    while not predicate():  # noqa: ASYNC110 - nothing tells when the database changes
        await asyncio.sleep(0.5)


def _all_are(world: World, status: Any) -> None:
    for call_sid in world.polyai.calls:
        world.polyai.set_status(call_sid, status)


def _all_of(found: Any, number: int) -> Any:
    return found if len(found) == number else None


def _count(world: World, condition: str) -> int:
    return int(world.rows(f"SELECT count(*) AS many FROM call_requests WHERE {condition}")[0]["many"])


def _refused(world: World) -> int:
    return world.slack.limits.refused.total()


def _seen(calls: list[LoggedCall], message: str, words: str, began: float) -> list[float]:
    """When each message first said so."""
    first: dict[str, float] = {}
    for call in calls:
        if words in str(call.args.get("text")):
            first.setdefault(call.args[message], call.at - began)
    return sorted(first.values())
