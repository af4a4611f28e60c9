"""What people and PolyAI do, so that every place is reached; each story says which effects it has."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from sandbox import faults as network
from sandbox.polyai import faults
from sandbox.slack import faults as slack_faults
from sandbox.slack.model import View
from tests.support.process_world import FORM, ProcessWorld
from tests.support.rewriting import rewrite

Play = Callable[[ProcessWorld], Awaitable[None]]


@dataclass(frozen=True)
class Story:
    """Plays until the request has ended. `env` is the bot's; `has` are the effects it is there for."""

    play: Play
    has: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)


STORIES: dict[str, Story] = {}


def story(*has: str, **env: str) -> Callable[[Play], Play]:
    """Put a story into the collection."""

    def add(play: Play) -> Play:
        STORIES[play.__name__] = Story(play, has, env)
        return play

    return add


def story_with(effect: str) -> Story | None:
    """The story that is there for this effect."""
    return next((each for each in STORIES.values() if effect in each.has), None)


async def asked_and_approved(house: ProcessWorld) -> None:
    await house.ask()
    await house.press(house.bob, "approve", lambda: house.status != "pending_approval")


async def ends(house: ProcessWorld, *statuses: str) -> None:
    assert await house.seen(lambda: house.status in statuses, 25), house.dump()


async def bounce(house: ProcessWorld) -> None:
    """Restart it, so that it looks at the database anew."""
    await house.kill()
    await house.up.wait()


@story(
    "GET", "POST", "auth_test", "apps_connections_open", "conversations_info", "conversations_members",
    "users_info", "views_open", "chat_postMessage", "chat_update",
    "ack of Command.typed", "ack of CallFormHandlers.submitted", "ack of DecisionHandlers.approve",
    "commit of submitted", "commit of told", "commit of approved", "commit of dialing", "commit of placed",
    "commit of succeeded", "commit of Outbox.card_shown", "commit of Outbox.sent",
    "commit of policy_changed",
    "commit of Purges.some", "commit of Purges.finish",
)  # fmt: skip
async def a_call_that_connects(house: ProcessWorld) -> None:
    await asked_and_approved(house)
    await ends(house, "succeeded", "unconfirmed")


@story("commit of call_status")
async def a_call_that_is_queued_first(house: ProcessWorld) -> None:
    house.polyai.set_progress([(0.0, "queued", ""), (0.5, "success", "")])
    await asked_and_approved(house)
    await ends(house, "succeeded")


@story("commit of failed")
async def a_call_that_fails(house: ProcessWorld) -> None:
    house.polyai.set_progress([(0.0, "failure", "call queueing: max timeout limit exceeded")])
    await asked_and_approved(house)
    await ends(house, "failed")


async def form_of(house: ProcessWorld) -> View | None:
    """Alice's form; none where the bot died over it."""
    if not house.alice.modals:
        await house.alice.type("/call", house.channel)
        await house.seen(lambda: house.alice.modals, 2.0)
    return house.alice.modals[-1] if house.alice.modals else None


def showing(house: ProcessWorld, field: str) -> bool:
    """Whether Alice's form has that field."""
    return any(field in form.state for form in house.alice.modals)


@story("ack of CallFormHandlers.suggest_countries")
async def a_country_is_looked_for(house: ProcessWorld) -> None:
    async def look() -> None:
        if form := await form_of(house):
            found.append(await house.alice.suggest(form, "country", "germ"))

    found: list[list[object]] = []
    await house.insist(look, lambda: found and found[-1])
    await a_call_that_connects(house)


@story("ack of CallFormHandlers.suggest_zones", "ack of GrowingForm.more_options", "views_update")
async def a_time_zone_is_looked_for(house: ProcessWorld) -> None:
    async def unfold() -> None:
        if form := await form_of(house):
            await house.alice.click(form, "more_options")

    async def look() -> None:
        found.append(await house.alice.suggest(house.alice.modals[-1], "zone", "denv"))

    found: list[list[object]] = []
    await house.insist(unfold, lambda: showing(house, "zone"))
    await house.insist(look, lambda: found and found[-1])
    await a_call_that_connects(house)


@story("ack of GrowingForm.purpose_chosen")
async def a_purpose_is_chosen(house: ProcessWorld) -> None:
    async def choose() -> None:
        if form := await form_of(house):
            await house.alice.click(form, "purpose", value="marketing")

    await house.insist(choose, lambda: showing(house, "consent_kind"))
    await a_call_that_connects(house)


@story("ack of GrowingForm.consent_chosen")
async def a_consent_is_chosen(house: ProcessWorld) -> None:
    async def choose() -> None:
        if form := await form_of(house):
            if "consent_kind" not in form.state:
                await house.alice.click(form, "purpose", value="marketing")
                await house.seen(lambda: showing(house, "consent_kind"), 2.0)
            await house.alice.click(form, "consent_kind", value="none_known")

    await house.insist(choose, lambda: any(record_may_be_empty(form) for form in house.alice.modals))
    await a_call_that_connects(house)


def record_may_be_empty(form: View) -> bool:
    return any(block["optional"] for block in form.blocks if block.get("block_id") == "consent_reference")


@story("commit of approval_given", CALLGATE_APPROVALS_REQUIRED="2")
async def a_call_that_two_people_approve(house: ProcessWorld) -> None:
    await house.ask()
    await house.press(house.bob, "approve", lambda: house.has("approval_given"))
    await house.press(house.carol, "approve", lambda: house.status != "pending_approval")
    await ends(house, "succeeded", "unconfirmed")


@story("commit of reminded", CALLGATE_REMIND_AFTER="1s")
async def a_request_that_nobody_looks_at(house: ProcessWorld) -> None:
    await house.ask()
    await house.seen(lambda: house.has("reminded"))
    await house.press(house.alice, "cancel", lambda: house.status == "cancelled")


@story("ack of DecisionHandlers.deny", "ack of DecisionHandlers.denied", "commit of denied")
async def a_call_that_is_denied(house: ProcessWorld) -> None:
    await house.ask()
    await house.press_and_fill(house.bob, "deny", {"reason": "No"}, lambda: house.status == "denied")


@story("ack of DecisionHandlers.cancel", "commit of cancelled")
async def a_call_that_is_cancelled(house: ProcessWorld) -> None:
    await house.ask()
    await house.press(house.alice, "cancel", lambda: house.status == "cancelled")


@story("commit of expired", CALLGATE_APPROVAL_EXPIRES="2s")
async def a_request_that_nobody_decides(house: ProcessWorld) -> None:
    await house.ask()
    await ends(house, "expired")


@story("ack of DecisionHandlers.open_review", "commit of reviewed")
async def a_request_that_is_looked_at(house: ProcessWorld) -> None:
    await house.ask()
    await house.press(house.bob, "open_review", lambda: house.bob.modals and house.has("reviewed"))
    await house.press(house.alice, "cancel", lambda: house.status == "cancelled")


@story("ephemeral reply")
async def somebody_who_may_not(house: ProcessWorld) -> None:
    await house.ask()
    await house.press(house.alice, "approve", lambda: house.alice.hears(house.channel))
    await house.press(house.alice, "cancel", lambda: house.status == "cancelled")


@story("chat_postEphemeral")
async def somebody_who_cannot_be_answered_directly(house: ProcessWorld) -> None:
    house.slack.faults.add("response_url", slack_faults.http_error(500), times=None)
    await house.ask()
    await house.press(house.alice, "approve", lambda: house.alice.hears(house.channel))
    await house.press(house.alice, "cancel", lambda: house.status == "cancelled")


@story("commit of not_placed")
async def a_call_that_polyai_fails_to_place_once(house: ProcessWorld) -> None:
    house.polyai.faults.add("place", faults.answer(500))
    await asked_and_approved(house)
    await ends(house, "succeeded", "unconfirmed")


@story("commit of rejected")
async def a_call_that_polyai_refuses(house: ProcessWorld) -> None:
    house.polyai.faults.add("place", faults.answer(400))
    await asked_and_approved(house)
    await ends(house, "rejected", "unconfirmed")


@story(
    "commit of unconfirmed", "commit of confirmed_placed", "ack of ResolutionHandlers.it_was_placed",
    "ack of ResolutionHandlers.confirmed",
)  # fmt: skip
async def a_call_that_somebody_finds(house: ProcessWorld) -> None:
    house.polyai.faults.add("place", network.lose_answer())
    await asked_and_approved(house)
    await ends(house, "unconfirmed")
    await house.seen(lambda: "it_was_placed" in house.cards()[0].buttons)
    found = {"call_sid": next(iter(house.polyai.calls))}
    await house.press_and_fill(house.carol, "it_was_placed", found, lambda: house.has("confirmed_placed"))
    await ends(house, "succeeded")


@story("ack of ResolutionHandlers.follow_it")
async def a_call_that_an_error_names(house: ProcessWorld) -> None:
    house.polyai.faults.add("place", faults.names_the_call(500))
    await asked_and_approved(house)
    await ends(house, "unconfirmed")
    if await house.seen(lambda: "follow_it" in house.cards()[0].buttons, 5.0):
        await house.press(house.carol, "follow_it", lambda: house.has("confirmed_placed"))
        await ends(house, "succeeded")


@story(
    "commit of closed", "ack of ResolutionHandlers.close_it", "usergroups_users_list",
    CALLGATE_APPROVERS="{group}",
)  # fmt: skip
async def a_call_that_nobody_finds(house: ProcessWorld) -> None:
    house.polyai.faults.add("place", faults.answer(503))
    await asked_and_approved(house)
    await ends(house, "unconfirmed")
    await house.seen(lambda: "close_it" in house.cards()[0].buttons)
    await house.press(house.carol, "close_it", lambda: house.status == "closed")


async def approved_long_ago(house: ProcessWorld) -> None:
    """Approved, refused once, and the approval is not fresh any more when it is tried again."""
    house.polyai.faults.add("place", faults.answer(429, headers={"Retry-After": "2"}))
    await asked_and_approved(house)
    await house.seen(lambda: house.has("not_placed"))
    long_ago = "2026-01-01T00:00:00.000000+00:00"
    rewrite(
        house.database,
        f"UPDATE call_requests SET approved_at = '{long_ago}',"
        f" approvals = json_array(json_object('by', approved_by, 'at', '{long_ago}'))",
        f"UPDATE audit_events SET at = '{long_ago}' WHERE event = 'approved'",
    )


@story("commit of blocked")
async def a_call_whose_approver_left(house: ProcessWorld) -> None:
    await approved_long_ago(house)
    house.bob.user.deactivated = True
    await ends(house, "blocked")


@story("commit of postponed")
async def a_call_whose_approver_cannot_be_looked_up(house: ProcessWorld) -> None:
    house.slack.faults.clear()
    await approved_long_ago(house)
    house.slack.faults.add("users.info", slack_faults.http_error())
    await house.seen(lambda: house.has("postponed") or house.deaths)
    await house.up.wait()
    rewrite(house.database, "UPDATE call_requests SET dial_after = approved_at")
    await bounce(house)
    await ends(house, "succeeded", "unconfirmed")


@story("commit of Outbox.obstructed")
async def a_channel_that_is_archived_for_a_while(house: ProcessWorld) -> None:
    house.polyai.set_progress(None)
    await asked_and_approved(house)
    await ends(house, "placed", "unconfirmed")
    house.channel.archived = True
    waits = "SELECT 1 FROM outbox WHERE error LIKE 'obstructed%'"
    for call_sid in house.polyai.calls:
        house.polyai.set_status(call_sid, "success")
    assert await house.seen(lambda: house.rows(waits) or house.deaths, 20), house.dump()
    await house.up.wait()
    house.channel.archived = False
    await ends(house, "succeeded", "unconfirmed")


@story("commit of Outbox.card_gone")
async def a_card_that_somebody_deletes(house: ProcessWorld) -> None:
    house.polyai.set_progress(None)
    await asked_and_approved(house)
    await ends(house, "placed", "unconfirmed")
    await house.seen(lambda: not house.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
    house.slack.workspace.messages.delete(house.cards()[-1])
    for call_sid in house.polyai.calls:
        house.polyai.set_status(call_sid, "success")
    await ends(house, "succeeded", "unconfirmed")
    assert await house.seen(lambda: house.cards(), 20), house.dump()


@story("commit of status_lost")
async def a_call_that_polyai_forgot(house: ProcessWorld) -> None:
    house.polyai.set_progress(None)
    await asked_and_approved(house)
    await house.seen(lambda: house.status == "placed")
    house.polyai.lose(next(iter(house.polyai.calls)))
    house.execute("UPDATE call_requests SET placed_at = '2026-01-01T00:00:00.000000+00:00'")
    await bounce(house)
    await ends(house, "status_lost")


@story("commit of Outbox.retry")
async def a_line_that_slack_does_not_take_at_once(house: ProcessWorld) -> None:
    await house.ask()
    house.slack.faults.add("chat.postMessage", slack_faults.http_error())
    await house.press(house.bob, "approve", lambda: house.status != "pending_approval")
    await ends(house, "succeeded", "unconfirmed")


@story("commit of Outbox.dead")
async def a_line_that_slack_refuses(house: ProcessWorld) -> None:
    await house.ask()
    house.slack.faults.add("chat.postMessage", slack_faults.error("msg_too_long"))
    await house.press(house.bob, "approve", lambda: house.status != "pending_approval")
    await ends(house, "succeeded", "unconfirmed")


@story("commit of SqliteCallStore.refresh_card")
async def a_card_that_is_there_twice(house: ProcessWorld) -> None:
    house.slack.faults.add("chat.postMessage", network.lose_answer())
    await house.ask()
    await house.seen(lambda: len(house.cards()) == 2)
    await house.press(house.bob, "approve", lambda: house.status != "pending_approval")
    await ends(house, "succeeded", "unconfirmed")


@story("commit of suppressed", "ack of Orders.asked_to_stop")
async def a_call_whose_recipient_asks_to_stop(house: ProcessWorld) -> None:
    await a_call_that_connects(house)
    await house.press(house.carol, "asked_to_stop", lambda: house.has("suppressed"))


@story("commit of removal_asked", "commit of unsuppressed")
async def a_number_that_two_take_off_the_list(house: ProcessWorld) -> None:
    await house.order(house.carol, "stop +16176451985", lambda: house.has("suppressed"))
    await house.order(house.bob, "unstop +16176451985 typo", lambda: house.has("removal_asked"))
    await house.order(house.carol, "unstop +16176451985 agree 1", lambda: house.has("unsuppressed"))
    await a_call_that_connects(house)


@story("commit of refused")
async def a_call_that_the_rules_refuse(house: ProcessWorld) -> None:
    async def act() -> None:
        if form := await form_of(house):
            await house.submit(house.alice, form, {**FORM, "to_number": "+18768971234"})

    await house.insist(act, lambda: house.has("refused"))
    for form in house.alice.modals:
        await house.alice.close(form)
    await a_call_that_connects(house)


@story("commit of frozen", "commit of lift_asked", "commit of unfrozen")
async def a_freeze_that_two_end(house: ProcessWorld) -> None:
    await house.order(house.carol, "freeze Wrong agent", lambda: house.has("frozen"))
    await asked_and_approved(house)
    await house.order(house.bob, "unfreeze 1", lambda: house.has("lift_asked"))
    assert house.status == "approved" and not house.polyai.posts
    await house.order(house.alice, "unfreeze 1", lambda: house.has("unfrozen"))
    await ends(house, "succeeded", "unconfirmed")


@story("commit of purged", "commit of details_deleted", CALLGATE_KEEP_UNDIALED="1s")
async def a_request_that_was_kept_long_enough(house: ProcessWorld) -> None:
    await house.ask()
    await house.press(house.alice, "cancel", lambda: house.status == "cancelled")
    assert await house.seen(lambda: not house.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
    await asyncio.sleep(1.1)  # as long as it is kept
    house.execute("DELETE FROM installation WHERE name = 'purged_at'")
    await bounce(house)
    assert await house.seen(lambda: house.has("purged"), 20), house.dump()
