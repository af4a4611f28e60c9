"""A channel is archived, closed to the bot or restricted: nothing is lost, and people are told."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.slack import faults
from sandbox.slack.model import Channel, Message
from tests.support.world import FORM, World

STORY = ["Approved by", "Call placed", "queued the call", "is calling", "reports success"]


async def under_way(world: World) -> tuple[Message, str]:
    """A call that was placed: its card and its call_sid."""
    world.polyai.set_progress(None)
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "queued")
    return card, next(iter(world.polyai.calls))


def close(world: World, channel: Channel, how: str) -> None:
    """Somebody archives it, removes the bot from it, or restricts it."""
    match how:
        case "archived":
            channel.archived = True
        case "left":
            channel.private = True
            channel.members.remove(world.slack.bot_user_id)
        case "restricted":
            channel.restricted = True


def reopen(world: World, channel: Channel) -> None:
    """Somebody cures it, whichever it was."""
    channel.archived = channel.restricted = False
    if world.slack.bot_user_id not in channel.members:
        channel.members.append(world.slack.bot_user_id)


def direct(world: World) -> str:
    """Everything that Alice was told directly."""
    return "\n".join(message.plain for message in world.alice.direct_messages())


CURES = {"archived": "unarchives it", "left": "/invite @Callgate", "restricted": "/invite does not help"}


@pytest.mark.parametrize("how", CURES)
async def test_the_rest_of_a_thread_waits(world: World, how: str) -> None:
    """What cannot be posted is told to the requester at once, with the cure; cured, the thread is whole."""
    await world.start()
    card, call_sid = await under_way(world)
    close(world, world.channel, how)
    world.polyai.set_status(call_sid, "calling")
    await world.until(lambda: "is calling" in direct(world))
    assert CURES[how] in direct(world)
    world.polyai.set_status(call_sid, "success")
    await world.until(lambda: "reports success" in direct(world))
    await asyncio.sleep(0.5)
    assert direct(world).count("is calling") == direct(world).count("reports success") == 1
    reopen(world, world.channel)
    await world.told(card, "reports success")
    said = world.thread(card)
    assert all(words in line for words, line in zip(STORY, said, strict=True)), said
    await world.shows(card, "Call connected")


async def test_an_approvals_channel_hears_of_another_that_is_closed(world: World) -> None:
    """A card from before there was an approvals channel: that channel is told what its own cannot show."""
    await world.start()
    _, call_sid = await under_way(world)
    approvals = world.slack.add_channel("approvals", [world.bob])
    await world.restart(callgate_approvals_channel=approvals.id)
    close(world, world.channel, "archived")
    world.polyai.set_status(call_sid, "success")
    await world.until(lambda: any("reports success" in said for said in world.notices(approvals)))
    await world.until(lambda: "reports success" in direct(world))


async def test_a_card_that_nobody_can_see_yet(world: World) -> None:
    """The channel is closed as the form is sent: the requester is told, and the card comes later."""
    await world.start()
    world.slack.faults.add("chat.postMessage", faults.delay(0.3))
    await world.alice.type("/call", world.channel)
    await world.until(lambda: world.alice.modals)
    await world.unfold(world.alice, FORM)
    await world.alice.submit(values=FORM)
    close(world, world.channel, "archived")
    await world.until(lambda: "nobody can approve it" in direct(world))
    reopen(world, world.channel)
    (card,) = await world.until(world.cards)
    await world.bob.click(card, "approve")
    await world.told(card, "reports success")
    assert direct(world).count("nobody can approve it") == 1


async def test_a_week_is_long_enough(world: World) -> None:
    """What waits for a closed channel becomes a dead letter after seven days, and is tried no more."""
    await world.start()
    _, call_sid = await under_way(world)
    close(world, world.channel, "archived")
    world.polyai.set_status(call_sid, "success")
    await world.until(lambda: "reports success" in direct(world))
    world.clock.jump(days=8)
    await world.until(
        lambda: world.rows("SELECT 1 FROM outbox WHERE dead_at IS NOT NULL AND kind = 'thread'")
    )
    await world.until(
        lambda: not world.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL")
    )


@pytest.mark.parametrize("code", ["update_failed", "external_channel_migrating", "a_code_of_tomorrow"])
async def test_a_passing_fault_is_no_refusal(world: World, code: str) -> None:
    """What does not say no is tried again, whichever word Slack has for it."""
    await world.start()
    card = await world.ask()
    world.slack.faults.add("chat.update", faults.error(code), times=2)
    world.slack.faults.add("chat.postMessage", faults.error(code), times=2)
    await world.bob.click(card, "approve")
    await world.told(card, "reports success")
    await world.shows(card, "Call connected")
    assert not world.rows("SELECT 1 FROM outbox WHERE dead_at IS NOT NULL")


async def test_a_deleted_card_is_posted_anew(world: World) -> None:
    """Somebody deletes the card of a call under way: it comes again, and its thread goes on there."""
    await world.start()
    card, call_sid = await under_way(world)
    world.slack.workspace.messages.delete(card)
    world.polyai.set_status(call_sid, "calling")
    again = await world.until(lambda: next((c for c in world.cards() if c.ts != card.ts), None))
    world.polyai.set_status(call_sid, "success")
    await world.told(again, "reports success")
    await world.shows(again, "Call connected")


async def test_a_deleted_card_that_waits_for_approval(world: World) -> None:
    """The reminder finds that the card is gone: it is posted again, and can be approved there."""
    await world.start()
    card = await world.ask()
    world.slack.workspace.messages.delete(card)
    world.clock.jump(minutes=31)
    again = await world.until(lambda: next((c for c in world.cards() if c.ts != card.ts), None))
    await world.bob.click(again, "approve")
    await world.told(again, "reports success")


@pytest.mark.parametrize("code", ["edit_window_closed", "cant_update_message"])
async def test_a_card_that_cannot_be_edited_any_more(world: World, code: str) -> None:
    """It is posted anew, once."""
    await world.start()
    card = await world.ask()
    world.slack.faults.add("chat.update", faults.error(code))
    await world.bob.click(card, "cancel")
    await world.alice.click(card, "cancel")
    again = await world.until(lambda: next((c for c in world.cards() if c.ts != card.ts), None))
    await world.shows(again, "Call cancelled")
    assert len(world.cards()) == 2


async def test_an_old_card_is_redrawn_by_a_click(world: World) -> None:
    """Slack shows an old state of the card; whoever clicks reads that they are late, and sees it as it is."""
    await world.start()
    card = await world.ask()
    text, blocks = card.text, card.blocks
    await world.alice.click(card, "cancel")
    await world.shows(card, "Call cancelled")
    await world.until(lambda: not world.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
    world.slack.workspace.messages.edit(card, text, blocks)
    await world.bob.click(card, "approve")
    await world.hears(world.bob, "cancelled")
    await world.shows(card, "Call cancelled")


async def test_without_a_messages_tab(world: World) -> None:
    """The app may not write to people directly: the requester is told in the channel of the command."""
    world.slack.workspace.messages_tab = False
    approvals = world.slack.add_channel("approvals", [world.bob])
    await world.start(callgate_approvals_channel=approvals.id)
    await world.alice.type("/call", world.channel)
    await world.until(lambda: world.alice.modals)
    await world.unfold(world.alice, ["consent_kind", "consent_reference"])

    await world.alice.submit(values=FORM)
    await world.hears(world.alice, "waiting for approval in")
    assert not direct(world)
