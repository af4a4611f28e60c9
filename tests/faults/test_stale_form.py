"""Slack sends a form with an old state, or with none: nothing is taken for a default, and nothing is lost."""

from __future__ import annotations

import json

import pytest

from tests.support.world import FORM, World

QUIRKS = pytest.mark.parametrize("quirk", ["stale", "none"])
WHOLE = {**FORM, "why": "A reminder", "encryption": "UDP/RTP"}


@QUIRKS
async def test_what_is_shown_and_not_sent_is_asked_for_again(world: World, quirk: str) -> None:
    """The whole form is shown and Slack sends less of it: it says so, and the next try has everything."""
    await world.start()
    await world.alice.type("/call", world.channel)
    await world.until(lambda: world.alice.modals)
    await world.unfold(world.alice, WHOLE)
    (form,) = world.alice.modals
    world.slack.workspace.state_quirk = quirk
    await world.alice.submit(values=WHOLE)
    assert any("old copy of this form" in said for said in form.errors.values())
    assert not world.rows("SELECT 1 FROM call_requests")
    world.slack.workspace.state_quirk = ""
    await world.alice.submit(values=WHOLE)
    await world.until(world.cards)
    (stored,) = world.rows("SELECT why, encryption FROM call_requests")
    assert stored == {"why": "A reminder", "encryption": "UDP/RTP"}


@QUIRKS
async def test_the_form_grows_by_what_was_clicked(world: World, quirk: str) -> None:
    """The purpose and the consent just chosen count, whatever state Slack sends with the click."""
    await world.start()
    world.slack.workspace.state_quirk = quirk
    await world.alice.type("/call", world.channel)
    await world.until(lambda: world.alice.modals)
    await world.unfold(world.alice, ["consent_kind", "consent_reference"])
    (form,) = world.alice.modals
    await world.alice.click(form, "consent_kind", value="none_known")
    await world.until(lambda: '"optional": true' in json.dumps(_block(form.blocks, "consent_reference")))


def _block(blocks: list[dict[str, object]], block_id: str) -> dict[str, object]:
    return next(block for block in blocks if block.get("block_id") == block_id)


@QUIRKS
async def test_a_reason_that_did_not_come(world: World, quirk: str) -> None:
    """A denial whose reason Slack did not send is not taken: it is said, and the request still waits."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "deny")
    (form,) = await world.until(lambda: world.bob.modals)
    world.slack.workspace.state_quirk = quirk
    await world.bob.submit(values={"reason": "Wrong number"})
    assert "old copy of this form" in form.errors["reason"]
    world.slack.workspace.state_quirk = ""
    await world.bob.submit(values={"reason": "Wrong number"})
    await world.told(card, "Wrong number")
