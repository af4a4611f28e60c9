"""The form behind `/call`."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.call_request import Encryption, Purpose
from bot.domain.command_text import OpenForm
from bot.domain.draft import MOST_WHY
from bot.domain.phone_number import TYPED_NUMBER_LIMIT
from bot.domain.policy.consent import ConsentKind
from bot.slack import ids
from bot.slack.modal import View, field, modal, options
from bot.slack.text import Block, Element, plain, rich_text, text

_MOST_TYPED = 3_000
_MOST_OPTION = 75
"""Characters in an option (Block Kit)."""


def call_form(place: ids.Place, filled_in: OpenForm, needs_consent: Iterable[Purpose]) -> View:
    """The form, filled in with what stood behind the command.

    What is above the line is needed for every call; below it, only what is out of the ordinary.
    """
    blocks = [
        rich_text(text("A second person has to approve the call in the channel before it is placed.")),
        _number(filled_in),
        _country(),
        _purpose(),
        _why(),
        _metadata(filled_in),
        _metadata_file(),
        {"type": "divider"},
        rich_text(text("Most calls need nothing of what follows.", bold=True)),
        *_ground(needs_consent),
        *_when(),
        _encryption(),
    ]
    return modal("Ask for a call", blocks, submit="Ask", callback_id=ids.CALL_FORM, carries=place.write())


def _number(filled_in: OpenForm) -> Block:
    element = _typed(filled_in.to_number, placeholder="+1 617 645 1984", max_length=TYPED_NUMBER_LIMIT)
    hint = "With + and country code, or as dialed in the country below."
    return field(ids.TO_NUMBER, "Phone number", element, hint=hint)


def _country() -> Block:
    element = {
        "type": "external_select",
        "placeholder": plain("Type a country's name"),
        "min_query_length": 1,
    }
    return field(ids.COUNTRY, "Country", element, hint="For a number without +.", optional=True)


def _purpose() -> Block:
    choices = options((purpose.label, purpose.value) for purpose in Purpose)
    element = {"type": "static_select", "placeholder": plain("What is the call for?"), "options": choices}
    return field(ids.PURPOSE, "Purpose", element)


def _why() -> Block:
    element = _typed("", placeholder="Reminder of the appointment on 26 August", max_length=MOST_WHY)
    return field(ids.WHY, "Why this call", element, hint="One sentence. The approver decides by it.")


def _metadata(filled_in: OpenForm) -> Block:
    lines = "\n".join(f"{key}={value}" for key, value in filled_in.metadata.items())
    element = _typed(lines, placeholder="appointment_date=2026-08-26", max_length=_MOST_TYPED, multiline=True)
    hint = "What the voice agent is told: one key=value a line."
    return field(ids.METADATA, "Metadata", element, hint=hint, optional=True)


def _metadata_file() -> Block:
    element = {"type": "file_input", "filetypes": ["json"], "max_files": 1}
    hint = "For more than fits above: a JSON object whose values are all strings."
    return field(ids.METADATA_FILE, "Metadata as a JSON file", element, hint=hint, optional=True)


def _ground(needs_consent: Iterable[Purpose]) -> tuple[Block, Block]:
    purposes = " and ".join(purpose.label.lower() for purpose in needs_consent)
    choices = options((f"{kind.label}: {kind.text}"[:_MOST_OPTION], kind.value) for kind in ConsentKind)
    kinds = {
        "type": "static_select",
        "placeholder": plain("Did they agree to be called?"),
        "options": choices,
    }
    hint = f"Needed for {purposes} calls." if purposes else "On what ground they may be called."
    reference = _typed("", placeholder="CRM 4711, web form of 3 May 2026", max_length=MOST_WHY)
    where = "Where somebody can find it years from now."
    return (
        field(ids.CONSENT_KIND, "Consent", kinds, hint=hint, optional=True),
        field(ids.CONSENT_REFERENCE, "Record of the consent", reference, hint=where, optional=True),
    )


def _when() -> tuple[Block, ...]:
    day = {"type": "datepicker", "placeholder": plain("As soon as allowed")}
    hour = {"type": "timepicker", "placeholder": plain("As soon as allowed")}
    zones = {"type": "external_select", "placeholder": plain("Type a city"), "min_query_length": 1}
    known_by = _typed("", placeholder="Their address is in Denver", max_length=MOST_WHY)
    there = "On the recipient's clock. Empty: as soon as the rules allow."
    when_asked = "Only if they are elsewhere than the number, or if it is toll-free."
    return (
        field(ids.NOT_BEFORE_DATE, "Not before this day", day, optional=True),
        field(ids.NOT_BEFORE_TIME, "Not before this time", hour, hint=there, optional=True),
        field(ids.ZONE, "Recipient's time zone", zones, hint=when_asked, optional=True),
        field(ids.ZONE_KNOWN_BY, "How you know their time zone", known_by, optional=True),
    )


def _encryption() -> Block:
    choices = options((encryption.value, encryption.value) for encryption in Encryption)
    element = {"type": "static_select", "options": choices, "initial_option": choices[0]}
    return field(ids.ENCRYPTION, "Encryption of the call", element)


def _typed(value: str, *, placeholder: str, max_length: int, multiline: bool = False) -> Element:
    element = {
        "type": "plain_text_input",
        "placeholder": plain(placeholder),
        "max_length": max_length,
        "multiline": multiline,
    }
    return {**element, "initial_value": value[:max_length]} if value else element
