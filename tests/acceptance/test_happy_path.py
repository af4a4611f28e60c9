"""A call from the command to its outcome."""

from __future__ import annotations

import json

from tests.support.world import NUMBER, World


async def test_a_call_goes_from_the_command_to_its_outcome(world: World) -> None:
    """One person asks, another approves, PolyAI is sent exactly that, and the thread tells it all."""
    world.polyai.set_progress(None)
    await world.start()
    card = await world.ask(f'{NUMBER} appointment_date=2026-08-26 variant="Inpatient at St Charles"')
    assert "waiting for approval" in card.plain
    assert "+1 617" in card.plain and NUMBER not in json.dumps(card.blocks)
    assert set(card.buttons) == {"approve", "deny", "open_review", "cancel"}

    ack = await world.bob.click(card, "approve")
    assert ack.ok
    await world.told(card, "queued the call")
    (call_sid,) = world.polyai.calls
    world.polyai.set_status(call_sid, "calling")
    await world.told(card, "PolyAI is calling")
    world.polyai.set_status(call_sid, "success")
    await world.told(card, "PolyAI reports success")
    await world.shows(card, "Call connected")

    (post,) = world.polyai.posts
    assert post.json["to_number"] == NUMBER
    assert post.json["metadata"]["appointment_date"] == "2026-08-26"
    assert post.json["metadata"]["variant"] == "Inpatient at St Charles"
    assert post.json["encryption"] == "TLS/SRTP"
    said = world.thread(card)
    assert [line.split()[0] for line in said] == ["Approved", "Call", "PolyAI", "PolyAI", "PolyAI"]
    assert post.call_sid == call_sid and call_sid in said[1]
    assert "Approved by" in card.plain and post.call_sid in card.plain
