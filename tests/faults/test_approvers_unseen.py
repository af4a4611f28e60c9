"""Callgate cannot see who may approve: that is said to whoever presses, and never taken for a "no"."""

from __future__ import annotations

import pytest

from bot.domain.approvers import Approvers
from bot.slack.api.scopes import SCOPES
from sandbox.slack import faults
from tests.support.world import World


def heard(world: World) -> str:
    """Everything that only Bob was told in the channel."""
    return "\n".join(message.plain for message in world.bob.hears(world.channel))


@pytest.mark.parametrize(
    ("method", "code", "says"),
    [
        ("usergroups.users.list", "plan_upgrade_required", "its plan has no user groups"),
        ("usergroups.users.list", "no_such_subteam", "which Slack does not show"),
        ("usergroups.users.list", "missing_scope", "refuses Callgate's access"),
        ("users.info", "internal_error", "try again"),
    ],
)
async def test_an_approver_is_not_told_that_they_are_none(
    world: World, method: str, code: str, says: str
) -> None:
    """The truth is that nobody can see it: the sentence says so, and the click works once that is mended."""
    group = world.slack.add_user_group("approvers", [world.bob])
    await world.start(callgate_approvers=Approvers(groups=frozenset({group})))
    card = await world.ask()
    world.slack.faults.add(method, faults.error(code))
    await world.bob.click(card, "approve")
    await world.hears(world.bob, says)
    assert "not one of the approvers" not in heard(world)
    await world.bob.click(card, "approve")
    await world.told(card, "reports success")


async def test_one_group_that_is_gone_hides_nobody_of_another(world: World) -> None:
    """Somebody in a group that Slack shows may approve, whatever became of the other group."""
    group = world.slack.add_user_group("approvers", [world.bob])
    await world.start(callgate_approvers=Approvers(groups=frozenset({"S0GONE", group})))
    card = await world.ask()
    await world.carol.click(card, "approve")
    await world.hears(world.carol, "the user group S0GONE")
    await world.bob.click(card, "approve")
    await world.told(card, "reports success")


async def test_the_bot_has_left_the_channel(world: World) -> None:
    """Everybody in the channel may approve, and the bot cannot see who is: it says what helps."""
    await world.start()
    card = await world.ask()
    world.channel.private = True
    world.channel.members.remove(world.slack.bot_user_id)
    await world.bob.click(card, "approve")
    await world.hears(world.bob, "/invite @Callgate")
    world.channel.members.append(world.slack.bot_user_id)
    await world.bob.click(card, "approve")
    await world.told(card, "reports success")


async def test_an_approved_call_waits_for_slack_to_know(world: World) -> None:
    """At the dial nobody can see the group: the call is not blocked, and dialed when they can again."""
    group = world.slack.add_user_group("approvers", [world.bob])
    await world.start(callgate_approvers=Approvers(groups=frozenset({group})))
    card = await world.ask(not_before_date="2026-08-24", not_before_time="12:00")
    await world.bob.click(card, "approve")
    await world.told(card, "It waits")
    world.slack.faults.add("usergroups.users.list", faults.error("plan_upgrade_required"), times=2)
    world.clock.jump(hours=2)
    await world.told(card, "reports success")
    assert not world.rows("SELECT 1 FROM call_requests WHERE status = 'blocked'")


async def test_a_scope_that_is_missing_is_named(world: World) -> None:
    """The form does not open: it says which scope the app lacks, not that it is not in the channel."""
    await world.start()
    world.channel.private = True
    world.slack.grant(SCOPES - {"groups:read"})
    await world.alice.type("/call", world.channel)
    await world.hears(world.alice, "lacks the scope groups:read")


async def test_a_direct_message_is_no_place_for_a_call(world: World) -> None:
    """Nobody else could approve there, and that is what is said; no channel is named that is none."""
    await world.start()
    direct = world.slack.app_home_dm(world.alice)
    await world.alice.type("/call", direct)
    said = await world.until(lambda: [m.plain for m in world.alice.hears(direct)])
    assert "nobody else could approve" in said[0]


@pytest.mark.parametrize("button", ["open_review", "deny"])
async def test_a_channel_of_thousands(world: World, button: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may look takes long to find: something opens in time, and is filled when it is known."""
    monkeypatch.setattr("handlers.filled_modal._PATIENCE", 0.1)
    await world.start()
    card = await world.ask()
    world.slack.faults.add("conversations.members", faults.delay(0.6))
    await world.bob.click(card, button)
    (form,) = await world.until(lambda: world.bob.modals)
    assert "One moment" in form.plain
    await world.until(lambda: "One moment" not in form.plain)
    assert "+1 617-645-1984" in form.plain or "Why not" in form.plain


async def test_who_may_not_look_reads_that_in_the_form(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form is open already when it is known that this person may not: it says so, and shows nothing."""
    monkeypatch.setattr("handlers.filled_modal._PATIENCE", 0.1)
    await world.start(callgate_approvers=Approvers(users=frozenset({world.carol.id})))
    card = await world.ask()
    world.slack.faults.add("users.info", faults.delay(0.6))
    await world.bob.click(card, "open_review")
    (form,) = await world.until(lambda: world.bob.modals)
    await world.until(lambda: "not one of the approvers" in form.plain)
    assert "617" not in form.plain
    assert not world.rows("SELECT 1 FROM audit_events WHERE event = 'reviewed'")
