"""How often PolyAI is asked, and what it costs to be told nothing new."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3

import pytest

from tests.support.world import NO_CAPS, World


async def call_in_progress(world: World) -> str:
    """The call_sid of a call that stays queued, of which Slack has been told everything."""
    world.polyai.set_progress(None)
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "queued")
    await world.until(lambda: not world.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
    return next(iter(world.polyai.calls))


async def polled(world: World, call_sid: str, times: int) -> list[float]:
    """When it is asked for, from now on so often."""
    polls = world.polyai.calls[call_sid].polls
    known = len(polls)
    await world.until(lambda: len(polls) >= known + times)
    return polls[known:]


async def test_a_poll_that_tells_nothing_new_writes_nothing(world: World) -> None:
    """Of a call that stays queued the database hears no more, however often PolyAI is asked."""
    call_sid = await call_in_progress(world)
    with contextlib.closing(sqlite3.connect(world.database)) as other:
        before = other.execute("PRAGMA data_version").fetchone()
        await polled(world, call_sid, 5)
        assert other.execute("PRAGMA data_version").fetchone() == before


async def test_the_more_calls_the_nearer_to_five_seconds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With as many calls as are thought many, each is asked for as seldom as the contract allows."""
    monkeypatch.setattr("bot.workers.poller.MANY", 1)
    world.clock.run_at(10)
    polls = await polled(world, await call_in_progress(world), 4)
    waits = [later - earlier for earlier, later in itertools.pairwise(polls)]
    assert min(waits) >= 4.1 and max(waits) < 7


async def test_all_are_followed_where_only_one_poll_may_be_under_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls that fall due together wait for each other, and none is forgotten."""
    monkeypatch.setattr("bot.workers.poller.MAX_AT_ONCE", 1)
    world.polyai.set_progress(None)
    await world.start(callgate_policy=NO_CAPS)
    for _ in range(3):
        await world.bob.click(await world.ask(), "approve")
    await world.polyai.until(lambda: len(world.polyai.calls) == 3)
    for call_sid in list(world.polyai.calls):
        await polled(world, call_sid, 3)
