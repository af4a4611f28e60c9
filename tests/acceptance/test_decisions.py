"""Who may decide, and what a decision does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sandbox.slack import faults
from sandbox.slack.person import Person
from tests.support.world import NUMBER, World


async def refused(world: World, person: Person, words: str) -> None:
    """The person alone is told why, and nothing was placed or decided."""
    await world.hears(person, words)
    assert world.rows("SELECT status FROM call_requests")[0]["status"] == "pending_approval"
    assert not world.polyai.posts


async def test_the_requester_cannot_approve(world: World) -> None:
    """The first promise: nobody approves their own request."""
    await world.start()
    card = await world.ask()
    await world.alice.click(card, "approve")
    await refused(world, world.alice, "because you asked for it")


async def test_the_requester_cannot_approve_even_as_a_named_approver(world: World) -> None:
    """Being named an approver does not let anyone approve their own request."""
    await world.start(callgate_approvers=world.alice.id)
    card = await world.ask()
    await world.alice.click(card, "approve")
    await refused(world, world.alice, "because you asked for it")


async def test_a_guest_cannot_approve(world: World) -> None:
    """Guests are in the channel and still no approvers."""
    guest = world.slack.add_person("Gina", guest=True)
    world.channel.members.append(guest.id)
    await world.start(callgate_approvers=guest.id)
    card = await world.ask()
    await guest.click(card, "approve")
    await refused(world, guest, "guests")


async def test_a_bot_cannot_approve(world: World) -> None:
    """A bot user that clicks is refused."""
    bot = world.slack.add_person("Robo", bot=True)
    world.channel.members.append(bot.id)
    await world.start(callgate_approvers=bot.id)
    card = await world.ask()
    await bot.click(card, "approve")
    await refused(world, bot, "bots")


async def test_somebody_from_another_workspace_cannot_approve(world: World) -> None:
    """In a shared channel the other company's people are no approvers."""
    stranger = world.slack.add_person("Steve", team_id="T0OTHER")
    world.channel.members.append(stranger.id)
    await world.start(callgate_approvers=stranger.id, callgate_slack_connect=True)
    card = await world.ask()
    await stranger.click(card, "approve")
    await refused(world, stranger, "another workspace")


async def test_somebody_deactivated_cannot_approve(world: World) -> None:
    """A click that arrives from an account deactivated meanwhile is refused."""
    await world.start()
    card = await world.ask()
    world.bob.user.deactivated = True
    await world.bob.click(card, "approve", force_value=value_of(card, "approve"))
    await refused(world, world.bob, "deactivated")


async def test_only_named_approvers_can_approve(world: World) -> None:
    """With approvers named, another full member of the channel is told why not."""
    await world.start(callgate_approvers=world.carol.id)
    card = await world.ask()
    await world.bob.click(card, "approve")
    await refused(world, world.bob, "not one of the approvers")
    await world.carol.click(card, "approve")
    await world.shows(card, "Approved by")


async def test_a_user_group_is_read_at_the_click(world: World) -> None:
    """Whoever is in the group at the click may approve; who left it has lost the right at once.

    A refusal holds for some seconds, whoever joins meanwhile.
    """
    group = world.slack.add_user_group("approvers", [world.bob])
    await world.start(callgate_approvers=group)
    card = await world.ask()
    world.slack.workspace.groups[group].members.remove(world.bob.id)
    await world.bob.click(card, "approve")
    await refused(world, world.bob, "not one of the approvers")
    world.slack.workspace.groups[group].members.append(world.bob.id)
    world.clock.jump(seconds=11)
    await world.bob.click(card, "approve")
    await world.shows(card, "Approved by")


async def test_with_nobody_named_only_members_of_the_channel_can_approve(world: World) -> None:
    """A full member of the workspace who is not in the card's channel is no approver."""
    outsider = world.slack.add_person("Olga")
    await world.start()
    card = await world.ask()
    await outsider.click(card, "approve", force_value=value_of(card, "approve"))
    await asyncio.sleep(0.3)
    assert world.rows("SELECT status FROM call_requests")[0]["status"] == "pending_approval"


async def test_when_slack_cannot_say_who_clicked_nothing_is_approved(world: World) -> None:
    """Fail closed: without an answer about the approver the request stays pending, and they are told."""
    await world.start()
    card = await world.ask()
    world.slack.faults.add("users.info", faults.http_error(500))
    await world.bob.click(card, "approve")
    await refused(world, world.bob, "try again")
    await world.bob.click(card, "approve")
    await world.shows(card, "Approved by")


async def test_of_two_approvers_at_once_one_is_first(world: World) -> None:
    """Two people approve in the same moment: one is told the other was first, and one call is placed."""
    await world.start()
    card = await world.ask()
    await asyncio.gather(world.bob.click(card, "approve"), world.carol.click(card, "approve"))
    await world.until(lambda: world.bob.hears(world.channel) or world.carol.hears(world.channel))
    late = world.bob if world.bob.hears(world.channel) else world.carol
    first = world.carol if late is world.bob else world.bob
    assert f"already approved by <@{first.id}>" in late.hears(world.channel)[0].text
    await world.told(card, "PolyAI reports success")
    assert world.polyai.rings(NUMBER) == 1


async def test_a_double_click_places_one_call(world: World) -> None:
    """The second of two clicks is answered to that person alone, and one call is placed."""
    await world.start()
    card = await world.ask()
    await asyncio.gather(*(world.bob.click(card, "approve") for _ in range(5)))
    await world.hears(world.bob, "already approved by")
    await world.told(card, "PolyAI reports success")
    assert world.polyai.rings(NUMBER) == 1 and len(world.polyai.posts) == 1


async def test_deny_asks_for_the_reason_and_tells_it_in_the_thread(world: World) -> None:
    """The reason is required, goes into the thread as it was typed, and the card keeps only Review."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "deny")
    (form,) = await world.until(lambda: world.bob.modals)
    await world.bob.submit(values={"reason": "  "}, force=True)
    assert set(form.errors) == {"reason"}
    await world.bob.submit(values={"reason": "Wrong <!channel> number, *call* later"})
    await world.told(card, "Wrong <!channel> number, *call* later")
    await world.shows(card, "Call denied")
    assert card.buttons == ["open_review"] and not world.polyai.posts


async def test_the_requester_cannot_deny_but_is_told_so_without_a_form(world: World) -> None:
    """Deny opens no form for somebody who could not submit it."""
    await world.start()
    card = await world.ask()
    await world.alice.click(card, "deny")
    await refused(world, world.alice, "because you asked for it")
    assert not world.alice.modals


async def test_a_denial_that_comes_too_late_keeps_the_reason_in_the_form(world: World) -> None:
    """Somebody approves while the denial is being typed: the form stays and says so."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "deny")
    (form,) = await world.until(lambda: world.bob.modals)
    await world.carol.click(card, "approve")
    await world.shows(card, "Approved by")
    await world.bob.submit(values={"reason": "I do not like it"})
    assert "already approved" in form.errors["reason"]
    assert form.state["reason"]["reason"]["value"] == "I do not like it"


async def test_the_requester_cancels(world: World) -> None:
    """It asks first. The card says so and keeps only Review, which shows it; nothing is placed."""
    await world.start()
    card = await world.ask()
    (asks,) = (each["confirm"] for each in elements(card) if each["action_id"] == "cancel")
    assert asks["title"]["text"] == "Cancel this request?"
    await world.alice.click(card, "cancel")
    await world.told(card, "Cancelled by")
    await world.shows(card, "Call cancelled")
    assert card.buttons == ["open_review"] and not world.polyai.posts
    await world.bob.click(card, "open_review")
    (review,) = await world.until(lambda: world.bob.modals)
    assert "+1 617-645-1984" in review.plain


async def test_nobody_else_can_cancel(world: World) -> None:
    """An approver who presses Cancel is told whose it is."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "cancel")
    await refused(world, world.bob, "Only the requester")


async def test_an_approved_call_that_waits_can_still_be_cancelled(world: World) -> None:
    """Until it is being dialed, an approved call can be taken back."""
    world.polyai.refuse_token = True
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "refused our access")
    await world.shows(card, "waiting to be dialed")
    await world.alice.click(card, "cancel")
    await world.shows(card, "Call cancelled")
    world.polyai.refuse_token = False
    world.clock.jump(hours=1)
    await asyncio.sleep(0.3)
    assert world.polyai.rings(NUMBER) == 0


async def test_it_is_too_late_to_cancel_a_placed_call(world: World) -> None:
    """A stale Cancel on a placed call is answered, and changes nothing."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "Call placed")
    await world.alice.click(card, "cancel", stale=True)
    await world.hears(world.alice, "already approved by")


async def test_a_request_expires_and_its_card_keeps_only_review(world: World) -> None:
    """Nobody approved in four hours: the card and the thread say so, and a late click is answered."""
    await world.start()
    card = await world.ask()
    world.clock.jump(hours=4)
    await world.told(card, "expired")
    await world.until(lambda: card.buttons == ["open_review"])
    await world.bob.click(card, "approve", stale=True)
    await world.hears(world.bob, "has expired")
    assert not world.polyai.posts


async def test_an_approval_expires_when_the_call_cannot_be_dialed(world: World) -> None:
    """An approved call that could not be dialed within a day is not dialed the day after."""
    world.polyai.refuse_token = True
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "refused our access")
    world.clock.jump(hours=25)
    await world.told(card, "the approval has expired")
    world.polyai.refuse_token = False
    await asyncio.sleep(0.3)
    assert world.polyai.rings(NUMBER) == 0


async def test_review_shows_everything_to_requester_and_approvers_only(world: World) -> None:
    """Number and metadata in full for those two; a stranger is refused; each look is recorded."""
    await world.start(callgate_approvers=world.bob.id)
    card = await world.ask(metadata="appointment_date=2026-08-26")
    for person in (world.alice, world.bob):
        await person.click(card, "open_review")
        (review,) = await world.until(lambda person=person: person.modals)
        assert "+1 617-645-1984" in review.plain and "appointment_date = 2026-08-26" in review.plain
    await world.carol.click(card, "open_review")
    await world.hears(world.carol, "not one of the approvers")
    looks = world.rows("SELECT actor FROM audit_events WHERE event = 'reviewed' ORDER BY id")
    assert [look["actor"] for look in looks] == [world.alice.id, world.bob.id]


async def test_a_reviewed_request_can_be_as_large_as_metadata_can_be(world: World) -> None:
    """The largest metadata PolyAI takes still fits into Slack's modal."""
    await world.start()
    content = b'{"long_value": "' + b"x" * 19_800 + b'"}'
    card = await world.ask(metadata_file=await world.alice.upload("data.json", content))
    await world.bob.click(card, "open_review")
    (review,) = await world.until(lambda: world.bob.modals)
    assert review.plain.count("x" * 2_900) >= 6


@pytest.mark.parametrize(
    "forged",
    [
        "nonsense",
        "",
        "CR-0000000000000000:" + "0" * 64,
        "CR-ABC",
        '{"id": 1}',
    ],
)
async def test_a_forged_button_is_answered_and_does_nothing(world: World, forged: str) -> None:
    """A button value that is not ours gets a clear refusal."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve", force_value=forged)
    await world.until(lambda: world.bob.hears(world.channel))
    assert not world.polyai.posts
    assert "Traceback" not in world.bob.hears(world.channel)[0].plain


async def test_an_approval_is_bound_to_the_payload_that_the_card_showed(world: World) -> None:
    """A button that carries another payload's fingerprint approves nothing."""
    await world.start()
    card = await world.ask()
    request_id = value_of(card, "approve").split(":")[0]
    await world.bob.click(card, "approve", force_value=f"{request_id}:{'0' * 64}")
    await refused(world, world.bob, "another version")


async def test_a_payload_changed_behind_our_back_is_not_dialed(world: World) -> None:
    """What would be sent is compared with what was approved at the moment of dialing."""
    world.polyai.refuse_token = True
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "refused our access")
    await world.stop()
    world.execute("UPDATE call_requests SET payload = replace(payload, '1984', '1985')")
    world.polyai.refuse_token = False
    await world.start()
    world.clock.jump(minutes=10)
    await world.told(card, "not what was approved")
    await world.shows(card, "Call blocked")
    assert world.polyai.rings("+16176451985") == 0


async def test_an_approver_who_left_before_the_dial_stops_it(world: World) -> None:
    """The approver's standing is read again when a call is dialed later than the click."""
    world.polyai.refuse_token = True
    await world.start(callgate_approvers=world.bob.id)
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "refused our access")
    world.bob.user.deactivated = True
    world.polyai.refuse_token = False
    world.clock.jump(minutes=10)
    await world.told(card, "may not approve any more")
    assert world.polyai.rings(NUMBER) == 0


def value_of(card: object, action_id: str) -> str:
    return next(element["value"] for element in elements(card) if element["action_id"] == action_id)


def elements(card: object) -> list[dict[str, Any]]:
    return [e for block in card.blocks if block["type"] == "actions" for e in block["elements"]]  # type: ignore[attr-defined]
