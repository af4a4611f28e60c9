"""The log tells what people did, by the request's id, and nothing of what they typed."""

from __future__ import annotations

from typing import Any

from tests.support.world import NUMBER, World

TOLD = {
    "submitted",
    "approval_given",
    "denied",
    "cancelled",
    "suppressed",
    "frozen",
    "freeze_lift_given",
}


def told(world: World) -> list[dict[str, Any]]:
    """The lines of what people did, without what every line has."""
    lines = [line for line in world.logs.lines if line["event"] in TOLD]
    assert all(line.pop("level") == "info" and line.pop("timestamp") for line in lines)
    return lines


async def test_what_people_do_is_one_line_each(world: World) -> None:
    """Who reads the log can follow a request and a freeze; no number and no reason is there."""
    await world.start()
    denied = await world.ask()
    await world.bob.click(denied, "deny")
    await world.until(lambda: world.bob.modals)
    await world.bob.submit(values={"reason": "Wrong patient"})
    await world.told(denied, "Wrong patient")
    cancelled = await world.ask()
    await world.alice.click(cancelled, "cancel")
    await world.told(cancelled, "Cancelled by")
    called = await world.ask()
    await world.bob.click(called, "approve")
    await world.until(lambda: "asked_to_stop" in called.buttons)
    await world.bob.click(called, "asked_to_stop")
    await world.hears(world.bob, "is on the suppression list")
    await world.bob.type(f"/call stop {NUMBER} They wrote to us", world.channel)
    await world.carol.type("/call freeze Wrong patient again", world.channel)
    await world.hears(world.carol, "Dialing is frozen")
    await world.bob.type("/call unfreeze 1", world.channel)
    await world.hears(world.bob, "It still takes 1 more")
    first, second, third = [row["id"] for row in world.rows("SELECT id FROM call_requests ORDER BY rowid")]
    assert told(world) == [
        {"event": "submitted", "request": first},
        {"event": "denied", "request": first},
        {"event": "submitted", "request": second},
        {"event": "cancelled", "request": second},
        {"event": "submitted", "request": third},
        {"event": "approval_given", "request": third, "status": "approved"},
        {"event": "suppressed", "request": third, "new": True, "requests_cancelled": 0},
        {"event": "suppressed", "new": False, "requests_cancelled": 0},
        {"event": "frozen", "freeze": 1},
        {"event": "freeze_lift_given", "freeze": 1, "over": False},
    ]
    assert not any(word in world.logs.text for word in ("Wrong patient", "They wrote", NUMBER[1:]))
