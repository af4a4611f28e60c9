"""The machine's clock is set back while calls are in progress."""

from __future__ import annotations

from tests.support.world import CALLED, NO_CAPS, World


async def test_a_call_in_progress_is_followed_on(world: World) -> None:
    """It is asked for at the usual pace, and not when the clock has come again to where it was."""
    world.polyai.set_progress(None)
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "queued")
    world.clock.jump(hours=-3)
    world.polyai.set_status(next(iter(world.polyai.calls)), "success")
    await world.told(card, "PolyAI reports success")


async def test_calls_placed_after_the_clock_was_set_back_are_followed(world: World) -> None:
    """They seem older than calls that are known already, and are asked for all the same, with no restart."""
    world.polyai.set_progress(None)
    await world.start(callgate_policy=NO_CAPS)
    known = await world.ask()
    await world.bob.click(known, "approve")
    await world.told(known, "queued")
    world.clock.jump(minutes=-5)
    world.polyai.set_progress(CALLED)
    for _ in range(2):
        card = await world.ask()
        await world.bob.click(card, "approve")
        await world.told(card, "PolyAI reports success")
