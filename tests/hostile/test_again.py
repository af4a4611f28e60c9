"""The same thing submitted again, after its acknowledgement was lost: done once, by who did it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from sandbox.polyai import faults
from sandbox.slack import payloads
from sandbox.slack.model import View
from sandbox.slack.person import Person
from tests.hostile.wire import post, sign_and_post, signed
from tests.support.world import FORM, World


async def unheard(world: World, person: Person, view: View, values: dict[str, Any]) -> None:
    """Submit it; the bot hears it and its acknowledgement gets lost, so that the form stays open."""
    person.fill(view, values)
    sent = payloads.view_submission(world.slack.workspace, person.user, view)
    assert (await person.send_raw("interactive", sent)).ok
    assert not view.closed


async def test_a_form_that_was_changed_meanwhile_is_told_apart(world: World) -> None:
    """The earlier request stands and is named; nothing that was typed is lost, and nothing else is stored."""
    await world.start()
    await world.alice.type("/call", world.channel)
    (form,) = await world.until(lambda: world.alice.modals)
    await world.unfold(world.alice, FORM)
    await unheard(world, world.alice, form, FORM)
    (stored,) = world.rows("SELECT id FROM call_requests")
    await world.alice.submit(values={"why": "Another reason", "metadata": "some_key=1"})
    (said,) = form.errors.values()
    assert "that request stands" in said and stored["id"] in said and "/call" in said
    assert form.state["why"]["why"]["value"] == "Another reason" and not form.closed
    assert len(world.rows("SELECT id FROM call_requests")) == 1


async def test_a_form_that_was_not_changed_closes(world: World) -> None:
    """Submitted again as it was, it closes, and there is one request."""
    await world.start()
    await world.alice.type("/call", world.channel)
    (form,) = await world.until(lambda: world.alice.modals)
    await world.unfold(world.alice, FORM)
    await unheard(world, world.alice, form, FORM)
    await world.alice.submit()
    assert form.closed and len(world.rows("SELECT id FROM call_requests")) == 1


async def test_the_same_denial_again_is_done(world: World) -> None:
    """The same person, the same reason: the form closes, and the thread says it once."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "deny")
    (form,) = await world.until(lambda: world.bob.modals)
    await unheard(world, world.bob, form, {"reason": "Wrong number"})
    await world.bob.submit()
    assert form.closed and not form.errors
    await world.told(card, "Wrong number")
    assert len(world.rows("SELECT 1 FROM audit_events WHERE event = 'denied'")) == 1


@pytest.mark.parametrize("who", ["bob", "carol"])
async def test_another_denial_is_too_late(world: World, who: str) -> None:
    """Another reason, or another person with the same: told who was first."""
    await world.start()
    card = await world.ask()
    forms = {}
    for person in (world.bob, world.carol):
        await person.click(card, "deny")
        (forms[person.name],) = await world.until(lambda person=person: person.modals)
    await unheard(world, world.bob, forms["Bob"], {"reason": "Wrong number"})
    late = getattr(world, who)
    await late.submit(values={"reason": "Wrong number" if who == "carol" else "Wrong time"})
    assert "already denied" in forms[late.name].errors["reason"]


async def test_the_same_call_sid_again_is_done(world: World) -> None:
    """The call is followed already as that: the form closes; another call_sid is too late."""
    world.polyai.faults.add("place", faults.answer(503))
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.until(lambda: "it_was_placed" in card.buttons)
    await world.carol.click(card, "it_was_placed")
    (form,) = await world.until(lambda: world.carol.modals)
    await unheard(world, world.carol, form, {"call_sid": "OUT-123"})
    await world.carol.submit(values={"call_sid": "OUT-456"})
    assert "already approved" in form.errors["call_sid"]
    await world.carol.submit(values={"call_sid": "OUT-123"})
    assert form.closed
    assert len(world.rows("SELECT 1 FROM audit_events WHERE event = 'confirmed_placed'")) == 1


async def test_two_replayed_orders_end_no_later_freeze(http: World) -> None:
    """Refused as signed before the restart; and signed anew they still name the freeze that is over."""
    await http.carol.type("/call freeze Wrong agent", http.channel)
    await http.hears(http.carol, "/call unfreeze 1")
    orders = [_typed(http, person, "/call unfreeze 1") for person in (http.bob, http.alice)]
    sent = [(body, signed(http, body)) for body in orders]
    assert [(await post(http, *order)).status for order in sent] == [200, 200]
    await http.hears(http.alice, "Dialing goes on")
    await http.restart()
    http.slack.deliver_over_http(f"http://127.0.0.1:{http.port}/slack/events")
    await http.carol.type("/call freeze Wrong again", http.channel)
    await http.hears(http.carol, "/call unfreeze 2")
    assert [(await post(http, *order)).status for order in sent] == [401, 401]
    assert [(await sign_and_post(http, body)).status for body in orders] == [200, 200]
    for person in (http.bob, http.alice):
        await http.hears(person, "Freeze 1 is over. Dialing is frozen by")
    assert http.rows("SELECT id FROM freezes WHERE lifted_at IS NULL") == [{"id": 2}]
    assert not http.rows("SELECT 1 FROM freeze_lifts WHERE freeze_id = 2")


def _typed(world: World, person: Person, command: str) -> bytes:
    return urlencode(
        payloads.slash_command(world.slack.workspace, person.user, world.channel, command)
    ).encode()
