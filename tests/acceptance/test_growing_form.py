"""The call form is short at first, and grows where a call needs more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.slack.show import ids
from sandbox import faults
from sandbox.slack import payloads
from sandbox.slack.faults import http_error
from sandbox.slack.model import View
from tests.support.form import CONSENT, every_field
from tests.support.world import World

GERMAN = {"to_number": "+4930901820", "purpose": "informational", "why": "Reminder of the appointment"}
"""A call that needs no consent."""
SHORT = set(ids.ALWAYS_SHOWN)
ALL = every_field()
TOLL_FREE = "+18002345678"


async def form_of(world: World, text: str = "", **settings: Any) -> View:
    await world.start(**settings)
    await world.alice.type(f"/call {text}".strip(), world.channel)
    (form,) = await world.until(lambda: world.alice.modals)
    return form


def typed(form: View, field: str) -> Any:
    return form.state[field][field]["value"]


async def test_the_form_opens_with_what_every_call_needs(world: World) -> None:
    """Five fields; a call asked for with nothing else goes with the contract's own encryption."""
    form = await form_of(world)
    assert set(form.state) == SHORT
    await world.alice.submit(values=GERMAN)
    assert not world.alice.modals
    assert world.rows("SELECT encryption FROM call_requests") == [{"encryption": "TLS/SRTP"}]


async def test_more_options_shows_every_field_and_keeps_what_was_typed(world: World) -> None:
    """The button unfolds the rest; what stood there, typed or from the command, stays."""
    form = await form_of(world, "+16176451984 ward=7")
    world.alice.fill(form, {"why": "Reminder of the appointment", "purpose": "informational"})
    await world.alice.click(form, "more_options")
    await world.until(lambda: set(form.state) == ALL)
    assert "More options" not in form.plain
    assert typed(form, "to_number") == "+16176451984" and typed(form, "metadata") == "ward=7"
    assert typed(form, "why") == "Reminder of the appointment"
    await world.alice.submit(values={"encryption": "UDP/RTP", **CONSENT})
    assert world.rows("SELECT encryption FROM call_requests") == [{"encryption": "UDP/RTP"}]


async def test_a_purpose_that_needs_consent_asks_for_it(world: World) -> None:
    """Marketing unfolds the consent and nothing else; choosing another purpose takes nothing away."""
    form = await form_of(world)
    await world.alice.click(form, "purpose", value="marketing")
    await world.until(lambda: set(form.state) == SHORT | set(CONSENT))
    await world.alice.click(form, "purpose", value="informational")
    await world.settle()
    assert set(form.state) == SHORT | set(CONSENT)


async def test_a_purpose_that_needs_no_consent_changes_nothing(world: World, tmp_path: Path) -> None:
    """The form is left as it is where the policy wants nothing more of any number that may be called."""
    policy = tmp_path / "policy.toml"
    policy.write_text('countries = ["DE", "FR"]\n')
    form = await form_of(world, callgate_policy=policy)
    before = form.hash
    await world.alice.click(form, "purpose", value="debt_collection")
    await world.settle()
    assert form.hash == before


@pytest.mark.parametrize("purpose", ["informational", "marketing", "debt_collection", "other"])
async def test_where_consent_can_be_needed_slack_says_nothing_of_optional(world: World, purpose: str) -> None:
    """Kind and record are required, and the hint says for which calls they are needed."""
    form = await form_of(world)
    await world.alice.click(form, "purpose", value=purpose)
    await world.until(lambda: set(form.state) == SHORT | set(CONSENT))
    blocks = {block.get("block_id"): block for block in form.blocks}
    assert not any(blocks[name]["optional"] for name in CONSENT)
    needed = "marketing and other calls, for informational and debt collection calls to CA and US numbers."
    assert blocks["consent_kind"]["hint"]["text"] == f"Needed for {needed}"


async def test_whoever_knows_of_no_consent_says_so_and_nothing_is_stored(world: World) -> None:
    """The record may then stay empty, and is asked for again where a kind is chosen after all."""
    form = await form_of(world)
    await world.alice.click(form, "purpose", value="informational")
    await world.until(lambda: set(form.state) == SHORT | set(CONSENT))
    for kind, optional in (("none_known", True), ("prior_express", False), ("none_known", True)):
        await world.alice.click(form, "consent_kind", value=kind)
        await world.until(lambda optional=optional: is_optional(form, "consent_reference") is optional)
        assert set(form.state) == SHORT | set(CONSENT)
    await world.alice.submit(values=GERMAN)
    assert not world.alice.modals
    (row,) = world.rows("SELECT consent_kind, consent_reference, consent_text FROM call_requests")
    assert set(row.values()) == {None}


async def test_a_purpose_that_was_changed_back_holds_back_no_form(world: World) -> None:
    """The consent that another purpose asked for does not have to be invented."""
    form = await form_of(world)
    await world.alice.click(form, "purpose", value="marketing")
    await world.until(lambda: set(form.state) == SHORT | set(CONSENT))
    await world.alice.click(form, "purpose", value="informational")
    await world.alice.click(form, "consent_kind", value="none_known")
    await world.until(lambda: is_optional(form, "consent_reference"))
    await world.alice.submit(values=GERMAN)
    assert not world.alice.modals


async def test_a_consent_that_is_chosen_changes_nothing_where_its_record_is_asked_for(world: World) -> None:
    """Slack is not asked to draw the same form again."""
    form = await form_of(world)
    await world.alice.click(form, "purpose", value="informational")
    await world.until(lambda: set(form.state) == SHORT | set(CONSENT))
    before = form.hash
    await world.alice.click(form, "consent_kind", value="prior_express")
    await world.settle()
    assert form.hash == before


async def test_a_consent_heard_after_more_options_folds_nothing(world: World) -> None:
    """What was unfolded meanwhile stays, whatever comes late."""
    form = await form_of(world)
    await world.alice.click(form, "purpose", value="informational")
    await world.until(lambda: set(form.state) == SHORT | set(CONSENT))
    world.slack.faults.add("views.update", faults.delay(0.3), times=1)
    await world.alice.click(form, "consent_kind", value="none_known")
    await world.alice.click(form, "more_options")
    await world.until(lambda: set(form.state) == ALL)
    await world.settle()
    assert set(form.state) == ALL and is_optional(form, "consent_reference")


def is_optional(form: View, field: str) -> bool:
    return any(block["optional"] for block in form.blocks if block.get("block_id") == field)


async def test_what_was_unfolded_meanwhile_is_not_folded_again(world: World) -> None:
    """A purpose chosen before More options, but heard after it, takes no field away."""
    form = await form_of(world)
    world.slack.faults.add("views.update", faults.delay(0.3), times=1)
    await world.alice.click(form, "purpose", value="marketing")
    await world.alice.click(form, "more_options")
    await world.until(lambda: set(form.state) == ALL)
    await world.settle()
    assert set(form.state) == ALL


@pytest.mark.parametrize(
    ("fields", "words", "shown"),
    [
        ({"to_number": "+448001111111"}, "Choose the recipient's time zone", ALL),
        ({"to_number": "+448001111111"}, "to toll free numbers needs consent", ALL),
        ({"purpose": "marketing"}, "needs consent", SHORT | set(CONSENT)),
        ({"to_number": "+16176451984"}, "to United States needs consent", SHORT | set(CONSENT)),
    ],
)
async def test_what_is_missing_is_asked_for(
    world: World, fields: dict[str, str], words: str, shown: set[str]
) -> None:
    """Where the rules need a field that is folded away, the form shows it, says why, and loses nothing."""
    form = await form_of(world)
    await world.alice.submit(values={**GERMAN, **fields})
    assert world.alice.modals == [form] and set(form.state) == shown
    assert "⚠" in form.plain and words in form.plain
    assert typed(form, "why") == GERMAN["why"]
    assert not world.rows("SELECT 1 FROM call_requests")


async def test_the_unfolded_form_goes_through(world: World) -> None:
    """The zone that the form asked for is filled in, and the same form makes one request."""
    form = await form_of(world)
    await world.alice.submit(values={**GERMAN, "to_number": TOLL_FREE})
    await world.alice.suggest(form, "zone", "denver")
    denver = {"zone": "America/Denver", "zone_known_by": "Their address is in Denver"}
    await world.alice.submit(values={**denver, **CONSENT})
    assert not world.alice.modals
    assert world.rows("SELECT zone FROM call_requests") == [{"zone": "America/Denver"}]


async def test_a_form_that_was_closed_meanwhile_is_no_trouble(world: World) -> None:
    """Whoever presses More options and closes the form at once is told nothing."""
    form = await form_of(world)
    world.slack.faults.add("views.update", faults.delay(0.2), times=1)
    await world.alice.click(form, "more_options")
    await world.alice.close(form)
    await world.settle()
    assert not world.alice.hears(world.channel)


async def test_where_slack_does_not_unfold_it_the_person_is_told(world: World) -> None:
    """The form stays as it is, and its channel says to try again."""
    form = await form_of(world)
    world.slack.faults.add("views.update", http_error(500))
    await world.alice.click(form, "more_options")
    await world.until(lambda: world.alice.hears(world.channel))
    assert "Please try again" in world.alice.hears(world.channel)[-1].plain
    assert set(form.state) == SHORT


@pytest.mark.parametrize("action", ["purpose", "consent_kind", "more_options"])
async def test_a_click_that_names_no_form_does_nothing(world: World, action: str) -> None:
    """Such a button in a message is nobody's of ours."""
    await world.start()
    card = await world.ask()
    forged = {"type": "button", "action_id": action, "block_id": "b", "value": "x", "action_ts": "1.2"}
    clicked = payloads.message_action(world.slack.workspace, world.alice.user, card, forged, {})
    assert (await world.alice.send_raw("interactive", clicked)).ok
    await world.settle()
    assert not world.alice.modals and "incident" not in world.logs.text


async def test_a_form_whose_channel_was_tampered_with_is_not_unfolded(world: World) -> None:
    """Its private metadata is read with care here too."""
    form = await form_of(world)
    form.spec["private_metadata"] = "forged"
    await world.alice.click(form, "more_options")
    await world.settle()
    assert set(form.state) == SHORT and "incident" not in world.logs.text
