"""Slack's limits: what it says to wait is waited, and a Slack stricter than documented starts no storm."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.slack import faults
from tests.support.world import FORM, World


async def test_a_channel_that_is_over_its_limit_is_left_alone(world: World) -> None:
    """After a 429 nothing is posted there before `Retry-After`; edits and other channels go on."""
    await world.start()
    card = await world.ask()
    other = world.slack.add_channel("other", [world.alice, world.bob])
    world.slack.faults.add("chat.postMessage", faults.rate_limited(60))
    began = world.clock.time()
    await world.alice.click(card, "cancel")
    await world.shows(card, "Call cancelled")
    await world.alice.type("/call +16176451984", other)
    await world.until(lambda: world.alice.modals)
    await world.unfold(world.alice, FORM)
    await world.alice.submit(values=FORM)
    await world.until(lambda: world.cards(other))
    assert world.clock.time() - began < 60 and not world.thread(card)
    await world.told(card, "Cancelled by")
    posts = [c for c in world.slack.log if c.method == "chat.postMessage" and c.at > began]
    refused, granted = [c.at for c in posts if c.args["channel"] == world.channel.id]
    assert granted - refused >= 60


async def test_a_stricter_slack_starts_no_storm(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """At half the documented rate everything is told, with no more refusals than messages."""
    monkeypatch.setattr("sandbox.slack.rate_limits.POSTS_PER_SECOND", 0.5)
    monkeypatch.setattr("sandbox.slack.rate_limits.POSTS_AT_ONCE", 1)
    await world.start()
    world.clock.run_at(10)  # both sides measure the same seconds, on a busy machine too
    for _ in range(8):
        await world.alice.type("/call", world.channel)
        await world.until(lambda: world.alice.modals)
        await world.unfold(world.alice, FORM)
        await world.alice.submit(values=FORM)
    await world.until(lambda: len(world.cards()) == 8)
    await asyncio.sleep(0.5)
    assert len(world.cards()) == 8
    assert 0 < world.slack.limits.refused["chat.postMessage"] <= 8
