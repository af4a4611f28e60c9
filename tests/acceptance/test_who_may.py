"""Who may ask, and where: a full member of this workspace, in its own channel, for so many at a time."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import pytest

from bot.domain.approvers import Approvers
from sandbox.faults import hang
from sandbox.slack import faults, payloads
from sandbox.slack.person import Person
from tests.support.world import FORM, NUMBER, World

TYPED = f"/call {NUMBER} variant=Inpatient"


def somebody(world: World, **kind: Any) -> Person:
    """Somebody else in the channel."""
    person = world.slack.add_person("Gina", **kind)
    world.channel.members.append(person.id)
    return person


async def opened(world: World, person: Person | None = None) -> Any:
    """The form of Alice, or of somebody else."""
    asking = person or world.alice
    await asking.type("/call", world.channel)
    (form,) = await world.until(lambda: asking.modals)
    await world.unfold(asking, FORM)
    return form


async def submitted(world: World, person: Person | None = None) -> str:
    """Fill the open form in and submit it; returns what it says, which is nothing where it closed."""
    asking = person or world.alice
    form = asking.modals[-1]
    await asking.submit(values=FORM)
    assert form.closed or form.state["why"]["why"]["value"] == FORM["why"]
    return "" if form.closed else " ".join(form.errors.values())


def asked(world: World, method: str) -> int:
    """How often Slack was asked that."""
    return sum(call.method == method for call in world.slack.log)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ({"guest": True}, "guests can't"),
        ({"guest": "single_channel"}, "guests can't"),
        ({"bot": True}, "bots can't"),
        ({"team_id": "T0OTHER"}, "another workspace"),
        ({"deactivated": True}, "deactivated"),
    ],
)
async def test_only_a_full_member_gets_the_form(world: World, kind: dict[str, Any], why: str) -> None:
    """Anybody else is told why, and gets back what they typed."""
    person = somebody(world, **kind)
    await world.start(callgate_slack_connect=True)
    # Slack's own client would let some of them type nothing here.
    sent = payloads.slash_command(world.slack.workspace, person.user, world.channel, TYPED)
    await person.send_raw("slash_commands", sent)
    (said,) = await world.until(lambda: person.hears(world.channel))
    assert why in said.plain and TYPED in said.plain and not person.modals


async def test_somebody_whom_slack_does_not_know_is_told_so(world: World) -> None:
    """Not to try again: it would never be otherwise."""
    await world.start()
    world.slack.faults.add("users.info", faults.error("user_not_found"))
    await world.alice.type("/call", world.channel)
    await world.hears(world.alice, "Slack does not know you in this workspace")
    assert not world.alice.modals


@pytest.mark.parametrize(
    ("change", "why"), [({"guest": "multi_channel"}, "guests can't"), ({"deactivated": True}, "deactivated")]
)
async def test_who_lost_the_right_meanwhile_cannot_submit(
    world: World, change: dict[str, Any], why: str
) -> None:
    """The form says so and keeps what was typed; nothing is stored."""
    await world.start()
    await opened(world)
    for name, value in change.items():
        setattr(world.alice.user, name, value)
    assert why in await submitted(world)
    assert not world.rows("SELECT 1 FROM call_requests")


@pytest.mark.parametrize("method", ["users.info", "conversations.info"])
@pytest.mark.parametrize(
    "fault", [faults.http_error(503), faults.rate_limited(1), hang(10)], ids=["503", "429", "silence"]
)
async def test_while_slack_does_not_say_who_asks_the_form_waits(
    world: World, method: str, fault: Any
) -> None:
    """That is no no: the form says to try again, within the time that Slack allows, and is then taken."""
    await world.start()
    await opened(world)
    world.clock.jump(minutes=1)
    world.slack.faults.add(method, fault)
    assert "try again" in await submitted(world)
    assert await submitted(world) == ""
    assert len(world.rows("SELECT 1 FROM call_requests")) == 1


@pytest.mark.parametrize(
    "change", [{"guest": "multi_channel"}, {"deactivated": True}, {"team_id": "T0OTHER"}]
)
async def test_a_call_of_somebody_who_left_is_not_dialed(world: World, change: dict[str, Any]) -> None:
    """Who asked is looked up again at the dial, and the thread says why there was none."""
    await world.start()
    await world.carol.type("/call freeze Wait", world.channel)
    await world.hears(world.carol, "Dialing is frozen")
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.shows(card, "Approved by")
    world.clock.jump(minutes=1)
    for name, value in change.items():
        setattr(world.alice.user, name, value)
    dora = world.slack.add_person("Dora")
    world.channel.members.append(dora.id)
    for person in (world.bob, dora):
        await person.type("/call unfreeze 1", world.channel)
    await world.told(card, "Who asked for it is no full member of this workspace any more.")
    assert not world.polyai.posts


async def test_a_dial_waits_while_slack_does_not_say_who_asked(world: World) -> None:
    """It is put off, and dialed when Slack answers again."""
    await world.start()
    await world.carol.type("/call freeze Wait", world.channel)
    await world.hears(world.carol, "Dialing is frozen")
    card = await world.ask()
    world.clock.jump(minutes=1)
    world.clock.run_at(1.0)  # the click is fresh, the form is not: of the two only who asked is looked up
    await world.bob.click(card, "approve")
    await world.shows(card, "Approved by")
    world.slack.faults.add("users.info", faults.http_error(503))
    world.execute("DROP TRIGGER freezes_no_update")
    world.execute("UPDATE freezes SET lifted_at = '2026'")
    world.clock.jump(seconds=5)
    await world.until(lambda: world.rows("SELECT 1 FROM audit_events WHERE event = 'postponed'"))
    assert not world.polyai.posts
    world.clock.jump(seconds=20)
    await world.told(card, "Call placed")


@pytest.mark.parametrize("shared", ["external", "pending"])
async def test_a_shared_channel_gets_no_card(world: World, shared: Any) -> None:
    """Another organisation's people are there or were invited: no form, and what was typed comes back."""
    world.channel.shared = shared
    await world.start()
    await world.alice.type(TYPED, world.channel)
    (said,) = await world.until(lambda: world.alice.hears(world.channel))
    assert "shared with another organisation" in said.plain and TYPED in said.plain
    assert f"<#{world.channel.id}>" in said.text and not world.alice.modals
    await world.restart(callgate_slack_connect=True)
    assert await world.ask()


async def test_an_archived_channel_is_said_to_be_one(world: World) -> None:
    """Inviting the bot would not help there."""
    world.channel.archived = True
    await world.start()
    other = world.slack.add_channel("other", [world.alice])
    await world.restart(callgate_approvals_channel=world.channel.id)
    await world.alice.type("/call", other)
    (said,) = await world.until(lambda: world.alice.hears(other))
    assert "is archived" in said.plain and "/invite" not in said.plain


async def test_a_channel_that_is_shared_meanwhile_gets_no_card(world: World) -> None:
    """Looked up again when the form is submitted, which says so and keeps what was typed."""
    await world.start()
    await opened(world)
    world.channel.shared = "pending"
    world.clock.jump(minutes=1)
    assert "a channel, which is shared with another organisation" in await submitted(world)
    assert not world.rows("SELECT 1 FROM call_requests")
    world.channel.shared = ""
    assert await submitted(world) == ""


async def test_a_channel_that_was_fine_is_not_looked_up_for_each_form(world: World) -> None:
    """What Slack said of it holds for half a minute; what it said of the person does not."""
    await world.start()
    world.clock.run_at(1.0)
    for _ in range(3):
        await world.ask()
    assert asked(world, "conversations.info") == 1 and asked(world, "users.info") == 6
    world.clock.jump(seconds=31)
    await world.ask()
    assert asked(world, "conversations.info") == 2


async def test_one_person_has_so_many_waiting_and_no_more(world: World) -> None:
    """The form says what to do and is taken as soon as one is decided; others are not concerned."""
    await world.start(callgate_max_pending=2)
    cards = [await world.ask() for _ in range(2)]
    await opened(world)
    said = await submitted(world)
    assert "You have 2 requests waiting for approval" in said and "Cancel" in said
    assert await world.ask(person=world.carol)
    await world.alice.click(cards[0], "cancel")
    await world.shows(cards[0], "cancelled")
    assert await submitted(world) == ""
    await world.bob.click(cards[1], "approve")
    await world.shows(cards[1], "Approved by")
    assert await world.ask(), "what is approved does not wait for approval"


async def test_of_many_forms_at_once_so_many_are_taken(world: World) -> None:
    """The bound is held where the request is stored, one after the other."""
    await world.start(callgate_max_pending=3)
    form = await opened(world)
    world.alice.fill(form, FORM)
    forms = [dataclasses.replace(form, id=f"V0FORM{number}", root=f"V0FORM{number}") for number in range(8)]
    sent = [payloads.view_submission(world.slack.workspace, world.alice.user, each) for each in forms]
    await asyncio.gather(*(world.alice.send_raw("interactive", each) for each in sent))
    assert len(world.rows("SELECT 1 FROM call_requests")) == 3


async def test_a_refused_click_is_remembered_for_some_seconds(world: World) -> None:
    """However often it is pressed, Slack is asked once, and the person is told each time; then anew."""
    guest = somebody(world, guest=True)
    await world.start()
    world.clock.run_at(1.0)
    card = await world.ask()
    before = asked(world, "users.info")
    for number in range(1, 5):
        await guest.click(card, "approve")
        await world.until(lambda number=number: len(guest.hears(world.channel)) == number)
    assert {said.plain for said in guest.hears(world.channel)} == {
        "You can't do this, because guests can't: a full member has to."
    }
    assert asked(world, "users.info") == before + 1
    guest.user.guest = ""
    world.clock.jump(seconds=11)
    await guest.click(card, "approve")
    await world.shows(card, "Approved by")


async def test_neither_a_yes_nor_an_answer_that_did_not_come_is_remembered(world: World) -> None:
    """Who may is looked up each time, and who could not be looked up is so at the next click."""
    await world.start(callgate_approvers=world.bob.id)
    world.clock.run_at(1.0)
    card = await world.ask()
    world.slack.faults.add("users.info", faults.http_error(503))
    await world.bob.click(card, "open_review")
    await world.hears(world.bob, "try again")
    await world.bob.click(card, "open_review")
    await world.until(lambda: world.bob.modals)
    world.bob.user.deactivated = True
    value = next(b["value"] for b in card.blocks[-1]["elements"] if b["action_id"] == "approve")
    await world.bob.click(card, "approve", force_value=value)
    await world.hears(world.bob, "deactivated")
    assert world.rows("SELECT status FROM call_requests") == [{"status": "pending_approval"}]


async def test_approvers_that_name_nobody_let_nobody_approve(world: World) -> None:
    """However it came about that nobody is named: it never is everybody."""
    await world.start(callgate_approvers=Approvers())
    card = await world.ask()
    for person in (world.bob, world.carol):
        await person.click(card, "approve")
        await world.hears(person, "not one of the approvers")
    assert world.rows("SELECT status FROM call_requests") == [{"status": "pending_approval"}]


async def test_a_refusal_of_one_thing_refuses_no_other(world: World) -> None:
    """Who is no approver may ask, stop a number, and cancel what is theirs at once."""
    await world.start(callgate_approvers=world.bob.id)
    world.clock.run_at(1.0)
    card = await world.ask()
    other = await world.ask(person=world.carol)
    await world.alice.click(other, "approve")
    await world.hears(world.alice, "not one of the approvers")
    assert await world.ask()
    await world.alice.click(card, "cancel")
    await world.shows(card, "cancelled")
