"""The call form as the tests fill it in."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.policy.dialing_policy import shipped_policy
from bot.polyai.contract import CONTRACT
from bot.slack.show.call_form import Prefill, Unfolded, call_form
from bot.slack.show.ids import FormOrigin
from sandbox.slack.model import View
from sandbox.slack.person import Person

NUMBER = "+16176451984"
CONSENT = {"consent_kind": "prior_express", "consent_reference": "CRM 4711"}
FORM = {"to_number": NUMBER, "purpose": "informational", "why": "Reminder of the appointment", **CONSENT}
"""With the consent that such a call needs in the US."""


async def unfold(person: Person, form: View, fields: Collection[str], purpose: str = FORM["purpose"]) -> None:
    """Have the form show these fields soon: by a purpose that can need consent, else by More options."""
    hidden = set(fields) - form.state.keys()
    if hidden and hidden <= CONSENT.keys():
        await person.click(form, "purpose", value=purpose)
    elif hidden:
        await person.click(form, "more_options")


def every_field() -> set[str]:
    """The names of all fields that the form can show."""
    form = call_form(FormOrigin("C1"), Prefill(), shipped_policy(), CONTRACT, Unfolded.ALL)
    return {block["block_id"] for block in form["blocks"] if block["type"] == "input"}
