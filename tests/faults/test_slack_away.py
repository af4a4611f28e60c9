"""Slack is down for an hour: calls go on being followed, and afterwards everything is told, in order."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.slack import faults
from sandbox.slack.model import Message
from tests.support.world import NUMBER, World

pytestmark = pytest.mark.usefixtures("hasty")

METHODS = (
    *("auth.test", "chat.postMessage", "chat.postEphemeral", "chat.update", "views.open"),
    *("users.info", "conversations.info", "conversations.members", "apps.connections.open"),
)
WHOLE_STORY = ["Approved by", "Call placed", "queued the call", "is calling", "reports success"]


async def a_call_under_way(world: World) -> tuple[Message, str]:
    """Its card and its call_sid."""
    world.polyai.set_progress(None)
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "queued")
    return card, next(iter(world.polyai.calls))


async def an_hour_passes(world: World, call_sid: str) -> None:
    """Meanwhile the call rings and ends."""
    for minute in range(0, 60, 5):
        if minute == 20:
            world.polyai.set_status(call_sid, "calling")
        if minute == 40:
            world.polyai.set_status(call_sid, "success")
        world.clock.jump(minutes=5)
        await asyncio.sleep(0.15)


def status(world: World) -> list[str]:
    return [row["status"] for row in world.rows("SELECT status FROM call_requests ORDER BY created_at")]


async def told_in_order(world: World, card: Message) -> None:
    """The whole story stands in the thread, each line once, and the card shows its end."""
    await world.told(card, "reports success")
    said = world.thread(card)
    assert len(said) == len(WHOLE_STORY)
    assert all(words in line for words, line in zip(WHOLE_STORY, said, strict=True)), said
    await world.shows(card, "Call connected")


async def test_slack_is_gone_for_an_hour(world: World) -> None:
    """Nothing listens at Slack's address: the call is followed to its end, and told when Slack is back."""
    card, call_sid = await a_call_under_way(world)
    pending = await world.ask()
    port, polls = int(world.slack.url.rpartition(":")[2]), len(world.polyai.calls[call_sid].polls)
    await world.slack.stop()
    await an_hour_passes(world, call_sid)
    assert status(world) == ["succeeded", "pending_approval"]
    assert len(world.polyai.calls[call_sid].polls) > polls + 2
    await world.slack.start(port)
    await told_in_order(world, card)
    await world.until(lambda: world.slack.socket.connections, timeout=15)
    world.polyai.set_progress([(0.0, "success", "")])
    await world.bob.click(pending, "approve")
    await world.told(pending, "reports success")
    assert world.polyai.rings(NUMBER) == 2


async def test_every_method_of_slacks_fails_for_an_hour(world: World) -> None:
    """Clicks come in and nothing can be answered: they change nothing, and the log says why."""
    card, call_sid = await a_call_under_way(world)
    pending = await world.ask()
    for method in METHODS:
        world.slack.faults.add(method, faults.http_error(503), times=None)
    await world.bob.click(pending, "approve")
    await an_hour_passes(world, call_sid)
    assert status(world) == ["succeeded", "pending_approval"]
    assert any(entry["event"] == "slack_unavailable" for entry in world.logs.lines)
    assert len(world.polyai.posts) == 1
    world.slack.faults.clear()
    await told_in_order(world, card)
    await world.bob.click(pending, "approve")
    await world.told(pending, "queued")


async def test_what_was_approved_before_is_dialed_while_slack_is_gone(world: World) -> None:
    """Slack is not needed to dial what a person approved a moment ago, and hears of it afterwards."""
    await world.start()
    card = await world.ask()
    for method in ("chat.postMessage", "chat.update"):
        world.slack.faults.add(method, faults.drop(), times=None)
    world.polyai.set_progress([(0.0, "queued", "")])
    await world.bob.click(card, "approve")
    await world.polyai.until(lambda: world.polyai.calls)
    sql = "SELECT 1 FROM call_requests WHERE call_status = ?"
    for theirs, ours in (("queued", "queued"), ("calling", "ringing"), ("success", "succeeded")):
        world.polyai.set_status(next(iter(world.polyai.calls)), theirs)
        await world.until(lambda word=ours: world.rows(sql, word))
    world.slack.faults.clear()
    await told_in_order(world, card)


async def test_a_token_refused_for_a_while_loses_nothing(world: World) -> None:
    """Slack refuses our token until an operator has mended it: what waited is told then."""
    card, call_sid = await a_call_under_way(world)
    for method in ("chat.postMessage", "chat.update"):
        world.slack.faults.add(method, faults.error("token_revoked"), times=None)
    world.polyai.set_status(call_sid, "calling")
    await world.until(lambda: world.rows("SELECT 1 FROM outbox WHERE error LIKE '%token_revoked%'"))
    world.polyai.set_status(call_sid, "success")
    await world.until(lambda: status(world) == ["succeeded"])
    assert not world.rows("SELECT 1 FROM outbox WHERE dead_at IS NOT NULL")
    world.slack.faults.clear()
    await told_in_order(world, card)
