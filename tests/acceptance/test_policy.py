"""The dialing policy as people meet it: at the form's fields, on the card, in the thread, at the dial."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.dialing_policy import read_policy
from sandbox.polyai import faults
from sandbox.slack.model import Message, View
from tests.support.clock import START
from tests.support.form import every_field
from tests.support.world import FORM, NO_CAPS, World

CONSENT = {"consent_kind": "prior_express_written", "consent_reference": "CRM 4711"}
MARKETING = {"purpose": "marketing", **CONSENT}
DENVER = {"zone": "America/Denver", "zone_known_by": "Their address is in Denver"}
TOLL_FREE = "+18002345678"


def at_boston(world: World, hour: int, minute: int = 0) -> None:
    """Move the clock on to that time in Boston, which is four hours behind UTC in August."""
    wanted = world.clock.now().replace(hour=(hour + 4) % 24, minute=minute, second=0, microsecond=0)
    ahead = (wanted - world.clock.now()) % timedelta(days=1)
    world.clock.jump(seconds=ahead.total_seconds())


async def refused(world: World, **fields: Any) -> View:
    """Fill in the whole form and have it refused."""
    await world.alice.type("/call", world.channel)
    form: View = await world.until(lambda: world.alice.modals and world.alice.modals[-1])
    await world.unfold(world.alice, every_field())
    suggested = [name for name in ("zone",) if name in fields]
    for name in suggested:
        await world.alice.suggest(form, name, fields[name].rpartition("/")[2])
    await world.alice.submit(values={**FORM, **fields})
    assert form.errors, "it was not refused"
    return form


async def approved(world: World, **fields: Any) -> Message:
    card = await world.ask(**fields)
    await world.bob.click(card, "approve")
    await world.told(card, "Approved by")
    return card


REFUSED_AT_FIELDS = [
    ({"purpose": "marketing"}, "consent_kind", "needs consent"),
    ({"purpose": "marketing", **CONSENT, "consent_kind": "prior_express"}, "consent_kind", "Written consent"),
    ({"consent_reference": " "}, "consent_reference", "where the record of it is kept"),
    ({"consent_kind": "none_known"}, "consent_kind", "Choose the kind"),
    ({"purpose": "other"}, "consent_kind", '(other) needs consent: "Written consent"'),
    ({"consent_kind": "existing_relationship"}, "consent_kind", "to United States needs consent"),
    ({"purpose": "debt_collection", "consent_kind": "not_needed"}, "consent_kind", "Express consent"),
    (
        {"to_number": "+447400123456", "purpose": "marketing"},
        "consent_kind",
        '(marketing) needs consent: "Written consent"',
    ),
    ({"to_number": "+12065551234", **MARKETING}, "purpose", "Nobody may ever be called for this purpose"),
    ({"to_number": "+18768971234"}, "to_number", "Calls to Jamaica are not allowed"),
    ({"to_number": "+447012345678"}, "to_number zone", "personal number"),
    ({"to_number": TOLL_FREE}, "zone", "Choose the recipient's time zone"),
    ({"zone": "America/Denver"}, "zone_known_by", "how you know it"),
    ({"zone_known_by": "Denver"}, "zone", "Choose the time zone too"),
    ({"not_before_date": "2026-08-25"}, "not_before_time", "both"),
    ({"not_before_time": "10:00"}, "not_before_date", "both"),
    ({"not_before_date": "2026-08-23", "not_before_time": "10:00"}, "not_before_time", "past"),
    ({"not_before_date": "2026-11-25", "not_before_time": "10:00"}, "not_before_time", "60 days"),
    ({"not_before_date": "2026-08-25", "not_before_time": "06:00"}, "not_before_time", "25 August, 08:00"),
    (
        {"to_number": "+18502345678", "not_before_date": "2026-08-25", "not_before_time": "10:00"},
        "zone",
        "several time zones",
    ),
]


@pytest.mark.parametrize(("fields", "field", "words"), REFUSED_AT_FIELDS)
async def test_what_the_policy_forbids_is_told_at_its_field(
    world: World, fields: dict[str, str], field: str, words: str
) -> None:
    """Each rule speaks at the field that can mend it; nothing is stored and nothing typed is lost."""
    await world.start()
    form = await refused(world, **fields)
    assert set(form.errors) == set(field.split()) and words in form.errors[field.split()[0]]
    assert not world.rows("SELECT 1 FROM call_requests") and not world.cards()
    assert form.state["why"]["why"]["value"] == FORM["why"]


async def test_the_card_shows_what_an_approver_must_see(world: World) -> None:
    """The recipient's time, the hours with their place, and the ground in the words that were chosen."""
    await world.start()
    card = await world.ask(**MARKETING)
    assert "Recipient's time when this was asked for: 11:0" in card.plain and "America/New York" in card.plain
    assert "Massachusetts: every day 08:00-20:00" in card.plain
    assert "agreed in writing" in card.plain and "CRM 4711" not in card.plain
    (row,) = world.rows("SELECT * FROM call_requests")
    assert row["consent_text"].startswith("They agreed in writing") and row["consent_reference"] == "CRM 4711"


async def test_the_second_request_to_a_number_shows_the_first(world: World) -> None:
    """On its card and in Review: who asked and how it stands; the first alone shows nothing of the kind."""
    await world.start(callgate_policy=NO_CAPS)
    first = await world.ask()
    second = await world.ask(person=world.carol)
    elsewhere = await world.ask(to_number="+16176451985")
    (row,) = world.rows("SELECT id FROM call_requests WHERE card_ts = ?", first.ts)
    told = f"Also open to this number when this was asked for: {row['id']} by"
    assert told in second.plain and f"<@{world.alice.id}> (pending approval)" in second.plain
    assert "Also open" not in first.plain and "Also open" not in elsewhere.plain
    await world.bob.click(second, "open_review")
    (view,) = await world.until(lambda: world.bob.modals)
    assert told in view.plain
    for card in (first, second):
        await world.bob.click(card, "approve")
        await world.shows(card, "Call connected")
    assert told in second.plain and "Also open" not in (await world.ask()).plain


async def test_of_many_open_requests_a_few_are_named(world: World) -> None:
    """Three of them, and how many more."""
    await world.start()
    for _ in range(5):
        await world.ask()
    last = await world.ask()
    assert last.plain.count("(pending approval)") == 3 and "and 2 more" in last.plain


async def test_a_number_behind_a_new_area_code_needs_a_zone_and_gets_the_strictest_hours(
    world: World,
) -> None:
    """621 is Houston's, which phonenumbers does not know yet: read, and called like a number of any state."""
    await world.start()
    form = await refused(world, to_number="+16216451984")
    assert set(form.errors) == {"zone"} and "time zone" in form.errors["zone"]
    await world.alice.suggest(form, "zone", "chicago")
    stated = {"zone": "America/Chicago", "zone_known_by": "They live in Houston"}
    await world.alice.submit(values={**FORM, **CONSENT, **stated, "to_number": "+16216451984"})
    (card,) = await world.until(world.cards)
    assert "+1 621 ••• ••84 (United States)" in card.plain and "America/Chicago" in card.plain
    await world.bob.click(card, "approve")
    await world.shows(card, "Call connected")
    assert world.polyai.posts[0].json["to_number"] == "+16216451984"


@pytest.mark.parametrize("kind", ConsentKind)
async def test_the_words_of_consent_are_stored_as_they_were_shown(world: World, kind: ConsentKind) -> None:
    """What stands whole at the option that is chosen is what is stored, and what card and review show."""
    german = {"to_number": "+4930901820", "consent_kind": kind.value}
    await world.start()
    await world.alice.type("/call", world.channel)
    form = await world.until(lambda: world.alice.modals and world.alice.modals[-1])
    await world.unfold(world.alice, FORM)
    await world.alice.submit(values={**FORM, **german})
    option = form.state["consent_kind"]["consent_kind"]["selected_option"]
    shown = option["description"]["text"]
    assert world.rows("SELECT consent_text FROM call_requests") == [{"consent_text": shown}]
    card = await world.until(lambda: next(iter(world.cards()), None))
    await world.bob.click(card, "open_review")
    (review,) = await world.until(lambda: world.bob.modals)
    assert f"Consent: {shown}" in card.plain and f"Consent: {shown}" in review.plain


async def test_a_number_in_two_zones_shows_the_earliest_and_the_latest_time(world: World) -> None:
    """850 is in Florida's two zones, and the card says so."""
    await world.start()
    card = await world.ask(to_number="+18502345678")
    assert "between 10:0" in card.plain and "11:0" in card.plain
    assert "America/Chicago, America/New York" in card.plain


async def test_at_night_an_approved_call_waits_for_the_morning(world: World) -> None:
    """Card and thread say until when; it is dialed eight, and not a minute before."""
    await world.start()
    at_boston(world, 21, 30)
    card = await world.ask()
    assert "Will wait until" in card.plain
    await world.bob.click(card, "approve")
    await world.told(card, "It waits, and is dialed 2026-08-25 12:00 UTC")
    at_boston(world, 7, 50)
    await world.clock.sleep(20)
    assert not world.polyai.posts
    at_boston(world, 8, 0)
    await world.told(card, "Call placed")


async def test_a_window_that_closed_between_approval_and_dial_holds_the_call(world: World) -> None:
    """PolyAI was busy until after nine in the evening: the rule holds at the moment of dialing."""
    await world.start()
    world.polyai.faults.add("place", faults.answer(429, headers={"Retry-After": "90"}))
    at_boston(world, 20, 59)
    card = await approved(world)
    await world.told(card, "takes no more calls")
    at_boston(world, 21, 3)
    await world.told(card, "It waits, and is dialed 2026-08-25 12:00 UTC")
    assert not world.polyai.calls


async def test_a_call_for_a_certain_time_waits_for_it(world: World) -> None:
    """Not before ten past four in Denver, which is ten past six in Boston."""
    await world.start()
    await world.alice.type("/call", world.channel)
    form = await world.until(lambda: world.alice.modals and world.alice.modals[-1])
    await world.unfold(world.alice, ["zone"])
    await world.alice.suggest(form, "zone", "denver")
    when = {"not_before_date": "2026-08-24", "not_before_time": "16:10"}
    await world.alice.submit(values={**FORM, **DENVER, **when})
    card = await world.until(lambda: next(iter(world.cards()), None))
    await world.bob.click(card, "approve")
    await world.told(card, "dialed 2026-08-24 22:10 UTC")
    assert not world.polyai.posts
    at_boston(world, 18, 10)
    await world.told(card, "Call placed")
    (call,) = world.polyai.posts
    assert call.at >= datetime(2026, 8, 24, 22, 10, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("fields", [MARKETING, {}])
async def test_the_fourth_call_of_a_day_waits(world: World, fields: dict[str, str]) -> None:
    """Three are placed, the fourth says until when it waits, for information too; other purposes go on."""
    await world.start()
    for _ in range(3):
        card = await approved(world, **fields)
        await world.told(card, "Call placed")
        world.clock.jump(minutes=10)
    fourth = await approved(world, **fields)
    await world.told(fourth, "It waits, and is dialed 2026-08-25 1")
    assert any("3 times within 24 hours" in line for line in world.thread(fourth))
    await world.told(await approved(world, purpose="debt_collection"), "Call placed")
    assert len(world.polyai.posts) == 4


async def test_ten_minutes_lie_between_two_calls_of_one_number(world: World) -> None:
    """Both were approved before either was dialed: the second waits, and card and thread say why."""
    await world.start()
    at_boston(world, 7, 30)
    first = await approved(world)
    second = await approved(world, purpose="debt_collection")
    at_boston(world, 8, 0)
    await world.until(lambda: world.polyai.posts)
    waiting = await world.until(lambda: next((c for c in (first, second) if "less than" in c.plain), None))
    assert "This number was called less than 10 minutes ago, for this or another purpose." in waiting.plain
    await world.told(waiting, "less than 10 minutes ago")
    assert len(world.polyai.posts) == 1
    world.clock.jump(minutes=11)
    await world.told(waiting, "Call placed")
    one, other = world.polyai.posts
    assert other.at - one.at >= 600


async def test_a_number_of_puerto_rico_is_called_by_the_law_of_the_us(world: World) -> None:
    """Its region is its own, its rules are those of the US."""
    await world.start()
    card = await world.ask(to_number="+17872345678", **MARKETING)
    assert "America/Puerto Rico" in card.plain and "United States: every day 08:00-21:00" in card.plain


async def test_a_call_that_needs_no_consent_goes_without_one(world: World) -> None:
    """For information to Germany; the record says that none was asked for."""
    await world.start()
    await world.alice.type("/call", world.channel)
    await world.until(lambda: world.alice.modals)
    german = {"to_number": "+4930901820", "purpose": "informational", "why": "Reminder"}
    await world.alice.submit(values=german)
    assert not world.alice.modals
    (said,) = world.rows(
        "SELECT details ->> '$.decision.consent' AS asked FROM audit_events WHERE event = 'submitted'"
    )
    assert said == {"asked": "[]"}


async def test_a_rule_that_changed_after_the_approval_blocks_the_call(world: World, tmp_path: Path) -> None:
    """The policy of the moment of dialing counts, and its change is in the record."""
    await world.start()
    at_boston(world, 22, 0)
    card = await approved(world)
    await world.stop()
    file = tmp_path / "policy.toml"
    file.write_text('version = "ours"\ncountries = ["GB"]\n')
    at_boston(world, 9, 0)
    await world.start(callgate_policy=file)
    await world.told(card, "Not dialed: Calls to United States are not allowed here.")
    changed = world.rows("SELECT details FROM audit_events WHERE event = 'policy_changed'")
    assert len(changed) == 2 and "rules ours" in changed[1]["details"]
    assert [row["sha256"] for row in world.rows("SELECT sha256 FROM policies")][1] == read_policy(
        file.read_text()
    ).sha256
    assert not world.polyai.posts


async def test_no_approver_can_override_a_rule(world: World, tmp_path: Path) -> None:
    """A request from before the rule cannot be approved any more, and the approver reads why."""
    await world.start()
    card = await world.ask()
    await world.stop()
    file = tmp_path / "policy.toml"
    file.write_text('countries = ["GB"]\n')
    await world.start(callgate_policy=file)
    await world.bob.click(card, "approve")
    await world.hears(world.bob, "An operator can add US to the countries")
    assert not world.rows("SELECT 1 FROM call_requests WHERE status <> 'pending_approval'")


async def test_each_decision_of_the_policy_is_in_the_record(world: World) -> None:
    """Submission, approval and dial each leave the rules' version and the local times in the audit chain."""
    await world.start()
    await world.told(await approved(world), "Call placed")
    said = world.rows(
        "SELECT event, details ->> '$.decision.policy' AS policy,"
        " details ->> '$.decision.earliest.at' AS there, details ->> '$.decision.consent' AS consent"
        " FROM audit_events WHERE event IN ('submitted', 'approved', 'dialing') ORDER BY id"
    )
    assert [row["event"] for row in said] == ["submitted", "approved", "dialing"]
    assert all(row["policy"].startswith("rules 2026-11-27, windows ") for row in said)
    assert all("47 CFR 64.1200(a)(1)(iii)" in row["consent"] for row in said)
    assert all(row["there"].startswith(f"{START:%Y-%m-%d}T11:") for row in said)


async def test_two_people_have_to_approve(world: World) -> None:
    """The first yes dials nothing, the same person's second neither; the second person's does."""
    await world.start(callgate_approvals_required=2)
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "One more person has to approve")
    await world.bob.click(card, "approve")
    await world.hears(world.bob, "You have approved this already. One more person has to.")
    await world.alice.click(card, "approve")
    await world.hears(world.alice, "you asked for it")
    assert not world.polyai.posts
    await world.carol.click(card, "approve")
    await world.told(card, "Call placed")
    await world.shows(card, "Call placed")
    assert card.plain.count("Approved by") == 2


async def test_one_of_two_approvers_who_left_stops_the_call(world: World) -> None:
    """Every approval has to stand at the moment of dialing, not only the last."""
    await world.start(callgate_approvals_required=2)
    at_boston(world, 22, 0)
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "One more person")
    await world.carol.click(card, "approve")
    await world.told(card, "It waits")
    world.bob.user.deactivated = True
    at_boston(world, 8, 0)
    await world.told(card, "Somebody who approved it may not approve any more.")
    assert not world.polyai.posts


async def test_the_first_approver_who_left_before_the_last_one_approved_stops_the_call(world: World) -> None:
    """A fresh click stands for who clicked, not for somebody who approved two minutes ago and left."""
    await world.start(callgate_approvals_required=2)
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "One more person")
    world.clock.jump(minutes=2)
    world.bob.user.deactivated = True
    await world.carol.click(card, "approve")
    await world.told(card, "Somebody who approved it may not approve any more.")
    assert not world.polyai.posts


async def test_approvers_are_reminded_less_and_less_often(world: World) -> None:
    """After half an hour, then after an hour more, and so on; by name, and never the requester."""
    named = f"{world.alice.id},{world.bob.id},{world.carol.id}"
    await world.start(callgate_approvers=named, callgate_approval_expires="4h")
    card = await world.ask()
    world.clock.jump(minutes=31)
    await world.told(card, "still waiting for approval")
    reminder = next(line for line in world.thread(card) if "still waiting" in line)
    assert world.bob.id in reminder and world.carol.id in reminder and world.alice.id not in reminder
    for minutes, most in ((40, 1), (25, 2), (110, 2), (20, 3)):
        world.clock.jump(minutes=minutes)
        await world.until(lambda most=most: reminders(world) >= most)
        assert reminders(world) == most


def reminders(world: World) -> int:
    (row,) = world.rows("SELECT count(*) AS many FROM audit_events WHERE event = 'reminded'")
    return int(row["many"])
