"""PolyAI takes no more calls for a while: how long, it says of the call it refused, not of all."""

from __future__ import annotations

from sandbox.polyai import faults
from tests.support.world import World


async def test_an_hour_holds_one_call_and_not_all(world: World) -> None:
    """`Retry-After: 3600` of one call leaves the next one to be dialed in a moment."""
    await world.start()
    first = await world.ask()
    world.polyai.faults.add("place", faults.answer(429, headers={"Retry-After": "3600"}))
    await world.bob.click(first, "approve")
    await world.told(first, "takes no more calls")
    second = await world.ask(to_number="+1 617 645 1985")
    await world.bob.click(second, "approve")
    await world.told(second, "Call placed")
    assert len(world.polyai.posts) == 2 and "placed" not in first.plain
    world.clock.jump(hours=1)
    await world.told(first, "Call placed")
