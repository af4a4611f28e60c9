"""PolyAI answers, but so slowly that the answer never ends."""

from __future__ import annotations

import pytest

from sandbox.polyai import faults
from tests.support.world import World


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for client in ("http", "asking"):
        monkeypatch.setattr(f"bot.polyai.{client}.MAX_SECONDS", 0.5)


async def test_a_post_whose_answer_drips_is_given_up(world: World) -> None:
    """Each byte comes in time and the whole never does: nobody can know whether a phone rings."""
    world.polyai.faults.add("place", faults.slow(30))
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "A phone may be ringing")
    assert len(world.polyai.posts) == 1


async def test_a_status_that_drips_is_asked_for_again(world: World) -> None:
    """One poll that never ends does not hold up the call."""
    world.polyai.faults.add("status", faults.slow(30))
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")
