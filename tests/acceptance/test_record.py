"""The record cannot be gone around: what somebody edits in the database is never approved or dialed."""

from __future__ import annotations

import asyncio
import hashlib
import json

import pytest

from sandbox.slack.model import Message
from storage.database.opening import read_only
from storage.record.row_check import check_rows
from tests.support.world import NUMBER, World

STRANGER = "+16176451999"


async def held(world: World) -> Message:
    """An approved call that waits, because dialing is frozen."""
    await world.start()
    await world.carol.type("/call freeze to look at it", world.channel)
    await world.hears(world.carol, "frozen")
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.shows(card, "Call approved")
    await world.stop()
    return card


def unfreeze(world: World) -> None:
    """Around the record as well, for whoever edits rows can do that."""
    world.execute("DROP TRIGGER freezes_no_update")
    world.execute("UPDATE freezes SET lifted_at = '2026-08-24T15:00:00+00:00'")


def payload_and_hashes(world: World) -> str:
    (row,) = world.rows("SELECT payload FROM call_requests")
    payload = row["payload"].replace(NUMBER, STRANGER)
    sha256 = hashlib.sha256(payload.encode()).hexdigest()
    return f"payload = '{payload}', payload_sha256 = '{sha256}', approved_sha256 = '{sha256}'"


@pytest.mark.parametrize("edit", ["payload and hashes", "number", "approver", "purpose"])
async def test_a_row_that_was_edited_after_its_approval_is_blocked(world: World, edit: str) -> None:
    """Payload and every hash made to fit, another number or approver: nothing is dialed, and it says so."""
    card = await held(world)
    sets = {
        "payload and hashes": payload_and_hashes(world),
        "number": f"to_number = '{STRANGER}'",
        "approver": f"approvals = json_array(json_object('by', '{world.carol.id}', 'at', approved_at))",
        "purpose": "purpose = 'marketing'",
    }
    world.execute(f"UPDATE call_requests SET {sets[edit]}")
    unfreeze(world)
    await world.start()
    await world.told(card, "It was changed in the database, bypassing the record.")
    await world.shows(card, "Call blocked")
    assert world.polyai.posts == []


async def test_a_row_set_to_approved_by_hand_is_blocked(world: World) -> None:
    """With an approver, a time and the right hash, but no event of an approval."""
    await world.start()
    card = await world.ask()
    approved = f"approved_by = '{world.bob.id}', approved_at = created_at, approved_sha256 = payload_sha256"
    given = f"approvals = json_array(json_object('by', '{world.bob.id}', 'at', created_at))"
    until = "dial_after = created_at, dial_expires_at = '2999-01-01T00:00:00+00:00'"
    world.execute(f"UPDATE call_requests SET status = 'approved', {approved}, {given}, {until}")
    world.clock.jump(minutes=5)
    await world.told(card, "The record names other approvals.")
    assert world.polyai.posts == []


async def test_a_row_that_was_edited_before_its_approval_cannot_be_approved(world: World) -> None:
    """Whether the card shows the edit by then or not: who clicks is told."""
    await world.start()
    card = await world.ask()
    world.execute("UPDATE call_requests SET why = 'Something harmless'")
    await world.bob.click(card, "approve")
    await world.hears(world.bob, "changed in the database")
    await asyncio.sleep(0.1)
    assert world.rows("SELECT status FROM call_requests") == [{"status": "pending_approval"}]
    assert world.polyai.posts == []


async def test_an_ended_call_that_was_set_back_is_not_dialed_again(world: World) -> None:
    """Its attempt deleted and its status turned back: the record knows that it rang."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.shows(card, "Call connected")
    await world.stop()
    for table in ("dial_attempts_no_delete", "call_requests_no_delete"):
        world.execute(f"DROP TRIGGER {table}")
    world.execute("DELETE FROM dial_attempts")
    world.execute(
        "UPDATE call_requests SET status = 'approved', attempts = 0, call_sid = NULL, call_status = NULL,"
        " placed_at = NULL, finished_at = NULL, dial_after = approved_at"
    )
    await world.start()
    await world.told(card, "bypassing the record")
    assert world.polyai.rings(NUMBER) == 1 and len(world.polyai.posts) == 1


async def test_everything_that_people_do_leaves_the_rows_as_the_record_says(world: World) -> None:
    """Asked, refused, looked at, approved, dialed, ended, denied, suppressed, forgotten."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "open_review")
    await world.bob.click(card, "approve")
    await world.shows(card, "Call connected")
    await world.bob.click(card, "asked_to_stop")
    await world.hears(world.bob, "suppression list")
    with read_only(world.database) as db:
        assert list(check_rows(db)) == []


async def test_a_refused_submission_is_on_record_and_on_the_next_card(world: World) -> None:
    """Refused as Marketing for want of consent, asked again as something else: the approver can read it."""
    await world.start()
    await world.alice.type(f"/call {NUMBER}", world.channel)
    (form,) = await world.until(lambda: world.alice.modals)
    await world.alice.submit(
        values={"to_number": NUMBER, "purpose": "marketing", "why": "An offer for Paula"}
    )
    assert not form.closed
    (event,) = world.rows("SELECT actor, details FROM audit_events WHERE event = 'refused'")
    said = json.loads(event["details"])
    assert (
        event["actor"] == world.alice.id and said["purpose"] == "marketing" and said["rules"] == ["consent"]
    )
    assert (
        len(said["number"]) == 64 and "Paula" not in event["details"] and NUMBER[1:] not in event["details"]
    )
    await world.alice.close(form)
    card = await world.ask(person=world.carol)
    assert "Asked as Marketing first, refused: consent." in card.plain
    await world.bob.click(card, "open_review")
    (review,) = await world.until(lambda: world.bob.modals)
    assert "Asked as Marketing first, refused: consent." in str(review.blocks)
    other = await world.ask(to_number=STRANGER)
    assert "Asked as" not in other.plain


async def test_a_refusal_is_told_for_a_day(world: World) -> None:
    """A later request to the number says nothing of it; the record does."""
    await world.start()
    await world.alice.type(f"/call {NUMBER}", world.channel)
    (form,) = await world.until(lambda: world.alice.modals)
    await world.alice.submit(values={"to_number": NUMBER, "purpose": "marketing", "why": "An offer"})
    await world.alice.close(form)
    world.clock.jump(hours=25)
    card = await world.ask()
    assert "Asked as" not in card.plain
    assert len(world.rows("SELECT 1 FROM audit_events WHERE event = 'refused'")) == 1


async def test_more_approvals_asked_for_meanwhile_are_needed(world: World) -> None:
    """The number was raised while the request waited: the larger one counts, and the card says so."""
    await world.start()
    card = await world.ask()
    await world.stop()
    await world.start(callgate_approvals_required=2)
    await world.bob.click(card, "approve")
    await world.told(card, "One more person has to approve")
    await world.shows(card, "Approved by 1 of 2 people; one more is needed.")
    await world.carol.click(card, "approve")
    await world.shows(card, "Call connected")


async def test_more_approvals_asked_for_after_the_approval_block_the_dial(world: World) -> None:
    """What one person approved is not dialed where two are required by then."""
    card = await held(world)
    unfreeze(world)
    await world.start(callgate_approvals_required=2)
    await world.told(card, "Not enough people have approved it.")
    assert world.polyai.posts == []
