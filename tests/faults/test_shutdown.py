"""SIGTERM: the process ends within ten seconds, no call is half done, and no message is lost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox import faults as network
from sandbox.polyai import faults
from sandbox.slack import faults as slack_faults
from sandbox.slack.errors import SlackRefuses
from tests.support.forked_bot import ForkedBot
from tests.support.process_world import FORM, ProcessWorld
from tests.support.promises import reckon

SECONDS = 10.0
BOTH = pytest.mark.parametrize("house", ["Socket Mode", "HTTP"], indirect=True)

WAITING = "SELECT id FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL"
GOING_ON = "SELECT id FROM call_requests WHERE status IN ('approved', 'dialing', 'placed')"


@pytest.fixture
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ProcessWorld]:
    """Reached over Socket Mode, or as the test says."""
    house = ProcessWorld(tmp_path, ForkedBot, http=getattr(request, "param", "Socket Mode") == "HTTP")
    await house.open()
    await house.up.wait()
    yield house
    await house.close()


async def stopped(house: ProcessWorld) -> float:
    """SIGTERM; the process ended by itself, in time and with nothing to complain of."""
    seconds = await house.terminate()
    assert house.deaths == [0], house.dump()
    assert seconds < SECONDS, house.dump()
    assert not house.rows("SELECT 1 FROM call_requests WHERE status = 'dialing'"), "a half-done call"
    assert not house.rows("SELECT 1 FROM dial_attempts WHERE conclusion IS NULL"), "a half-done call"
    return seconds


async def started_again(house: ProcessWorld) -> None:
    """Everything is told, once, and every promise holds."""
    house.slack.faults.clear()
    house.polyai.faults.clear()
    house.start_again()
    await house.up.wait()
    assert await house.seen(lambda: not house.rows(GOING_ON) and not house.rows(WAITING), 25), house.dump()
    assert reckon(house.database, house.slack, house.polyai).broken == [], house.dump()


async def approved(house: ProcessWorld) -> None:
    await house.ask()
    await house.press(house.bob, "approve", lambda: house.status != "pending_approval")


async def ask_for_one_more(house: ProcessWorld) -> None:
    await house.alice.type("/call", house.channel)
    await house.seen(lambda: house.alice.modals)
    await house.submit(house.alice, house.alice.modals[-1], FORM)


@BOTH
async def test_with_nothing_to_do_it_ends_at_once(house: ProcessWorld) -> None:
    """Nobody waits for a process that has nothing to finish."""
    assert await stopped(house) < 2


async def test_a_connection_that_fell_silent_is_left(house: ProcessWorld) -> None:
    """Slack does not answer the farewell of the Socket Mode connection: it is not waited for."""
    house.slack.socket.go_silent()
    await stopped(house)


async def test_a_call_on_the_wire_is_finished(house: ProcessWorld) -> None:
    """PolyAI answers a second after SIGTERM: the call is placed, and Slack is told before the end."""
    house.polyai.faults.add("place", network.late_answer(1.5))
    await approved(house)
    await house.polyai.until(lambda: house.polyai.posts)
    await stopped(house)
    assert house.status == "placed" and not house.rows(WAITING)
    assert "Call placed" in "".join(line.plain for line in house.alice.thread(house.cards()[0]))
    await started_again(house)


@BOTH
async def test_a_call_that_hangs_is_unconfirmed(house: ProcessWorld) -> None:
    """PolyAI does not answer: a person is told to look, before the process ends, and it is not sent again."""
    house.polyai.faults.add("place", network.hang(60))
    await approved(house)
    await house.polyai.until(lambda: house.polyai.posts)
    await stopped(house)
    assert house.status == "unconfirmed" and not house.rows(WAITING)
    assert {"it_was_placed", "close_it"} <= set(house.cards()[0].buttons)
    await started_again(house)
    assert len(house.polyai.posts) == 1


async def test_while_slack_hangs_nothing_is_lost(house: ProcessWorld) -> None:
    """Slack answers nothing any more: the process ends all the same, and tells it after the next start."""
    await house.ask()
    for method in ("chat.postMessage", "chat.update"):
        house.slack.faults.add(method, network.hang(60), times=None)
    await house.press(house.bob, "approve", lambda: house.status == "succeeded")
    await stopped(house)
    assert house.rows(WAITING)
    await started_again(house)
    assert "Call connected" in house.cards()[0].plain


@BOTH
async def test_while_everything_hangs_nothing_is_lost(house: ProcessWorld) -> None:
    """A POST, a poll, a click's look-up and Slack's posts, all at once."""
    house.polyai.set_progress(None)
    await approved(house)
    await house.seen(lambda: house.status == "placed")
    house.polyai.faults.add("status", network.hang(60), times=None)
    house.polyai.faults.add("place", network.hang(60))
    await ask_for_one_more(house)
    await house.seen(lambda: len(house.cards()) == 2)
    newest = house.cards()[-1]
    for method in ("chat.postMessage", "chat.update"):
        house.slack.faults.add(method, network.hang(60), times=None)
    await house.bob.click(newest, "approve")
    await house.polyai.until(lambda: len(house.polyai.posts) == 2)
    house.slack.faults.add("users.info", network.hang(60), times=None)
    await house.carol.click(newest, "open_review")
    await stopped(house)
    assert house.status == "unconfirmed" and house.rows(WAITING)
    house.polyai.set_status(next(iter(house.polyai.calls)), "success")
    await started_again(house)
    assert len(house.polyai.posts) == 2


async def test_a_queue_of_messages_is_kept(house: ProcessWorld) -> None:
    """More waits than Slack's limits let through before the end: the rest comes after the next start."""
    house.slack.faults.add("chat.postMessage", slack_faults.http_error(503), times=None)
    for _ in range(8):
        await ask_for_one_more(house)
    house.slack.faults.clear()
    await stopped(house)
    assert len(house.rows("SELECT id FROM call_requests")) == 8 and len(house.rows(WAITING)) >= 4
    await started_again(house)
    assert len(house.cards()) == 8


@BOTH
async def test_a_form_submitted_in_this_moment_is_stored_or_refused(house: ProcessWorld) -> None:
    """People submit and click all the while: what was acknowledged is in the record afterwards."""
    house.polyai.faults.add("place", faults.answer(429, headers={"Retry-After": "1"}))

    async def ask() -> None:
        for _ in range(10):
            await house.alice.type("/call", house.channel)
            await house.seen(lambda: house.alice.modals, 0.2)
            with contextlib.suppress(SlackRefuses, IndexError):  # nobody is there to open or unfold it
                await house.submit(house.alice, house.alice.modals[-1], FORM)
            for view in house.alice.modals:
                await house.alice.close(view)

    asking = asyncio.create_task(ask())
    await house.seen(lambda: len(house.rows("SELECT id FROM call_requests")) >= 3)
    await stopped(house)
    await asking
    await started_again(house)
