"""The form behind `/call`: short at first, with what few calls need folded away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from bot.domain.ask import Purpose
from bot.domain.ask_form import MAX_LINE
from bot.domain.command_text import OpenForm
from bot.domain.metadata import METADATA_FILE_FIELD
from bot.domain.phone_number import MAX_TYPED_NUMBER
from bot.domain.policy.consent import NO_CONSENT, ConsentKind
from bot.domain.policy.dialing_policy import DialingPolicy
from bot.domain.voice_contract import VoiceContract
from bot.slack.show import ids
from bot.slack.show.message import DIALING_IS_FROZEN
from bot.slack.show.modal import View, field, modal, option, options
from bot.slack.show.text import Block, Element, plain, rich_text, text

_MAX_TYPED = 3_000

_MORE_OPTIONS = "More options: day and time, time zone, file, encryption"
_OF_CONSENT = (ids.CONSENT_KIND, ids.CONSENT_REFERENCE)


@dataclass(frozen=True)
class Prefill:
    """What stands in the two fields that a command can fill in, and the consent that was chosen."""

    to_number: str = ""
    metadata: str = ""
    consent_kind: str = ""

    @classmethod
    def of(cls, command: OpenForm) -> Prefill:
        """Metadata as the form takes it: one `key=value` a line."""
        return cls(command.to_number, "\n".join(f"{key}={value}" for key, value in command.metadata.items()))


class Unfolded(IntEnum):
    """How much of the form is shown; each has all of the one before it."""

    NOTHING = 0
    CONSENT = 1
    ALL = 2

    @classmethod
    def of(cls, shown: Collection[str]) -> Unfolded:
        """Of a form that shows these fields."""
        if ids.ENCRYPTION in shown:
            return cls.ALL
        return cls.CONSENT if ids.CONSENT_KIND in shown else cls.NOTHING

    @classmethod
    def to_show(cls, fields: Iterable[str]) -> Unfolded:
        """The least that shows these fields."""
        if set(fields) <= set(ids.ALWAYS_SHOWN):
            return cls.NOTHING
        return cls.CONSENT if set(fields) <= {*ids.ALWAYS_SHOWN, *_OF_CONSENT} else cls.ALL


def call_form(
    place: ids.FormOrigin,
    typed: Prefill,
    policy: DialingPolicy,
    contract: VoiceContract,
    unfolded: Unfolded = Unfolded.NOTHING,
    errors: Mapping[str, str] | None = None,
    *,
    frozen: bool = False,
) -> View:
    """The form; `frozen` is that all dialing is stopped.

    `errors`, by field, is what the form that was submitted had no field to show it at.
    """
    more = unfolded is Unfolded.ALL
    shown: list[Block] = []
    for block in (
        *([rich_text(text(DIALING_IS_FROZEN, bold=True))] if frozen else []),
        rich_text(text("Somebody else has to approve the call in the channel before it is placed.")),
        *_call(typed),
        *([_metadata_file()] if more else []),
        *(_consent(typed, policy) if unfolded else []),
        *(_further(contract) if more else [_more_options()]),
    ):
        if sentence := (errors or {}).get(block.get("block_id", "")):
            # As text above its field: Slack shows errors only at fields that were there already.
            shown.append(rich_text(text(f"⚠ {sentence}", bold=True)))
        shown.append(block)
    return modal("Ask for a call", shown, submit="Ask", callback_id=ids.CALL_FORM, carries=place.write())


def _call(typed: Prefill) -> Iterator[Block]:
    """Whom to call, why, and what the voice agent is told."""
    element = _text_input(typed.to_number, placeholder="+1 617 645 1984", max_length=MAX_TYPED_NUMBER)
    hint = "With + and country code, or as dialed in the country below."
    yield field(ids.TO_NUMBER, "Phone number", element, hint=hint)
    element = {
        "type": "external_select",
        "placeholder": plain("Type a country's name"),
        "min_query_length": 1,
    }
    yield field(ids.COUNTRY, "Country", element, hint="For a number without +.", optional=True)
    choices = options((purpose.label, purpose.value) for purpose in Purpose)
    element = {"type": "static_select", "placeholder": plain("What is the call for?"), "options": choices}
    # We are told at once what is chosen: some purposes need consent, which the form then asks for.
    yield {**field(ids.PURPOSE, "Purpose", element), "dispatch_action": True}
    element = _text_input("", placeholder="Reminder of the appointment on 26 August", max_length=MAX_LINE)
    yield field(ids.WHY, "Why this call", element, hint="One sentence. The approver decides by it.")
    example = "appointment_date=2026-08-26"
    element = _text_input(typed.metadata, placeholder=example, max_length=_MAX_TYPED, multiline=True)
    hint = "What the voice agent is told: one key=value a line."
    yield field(ids.METADATA, "Metadata", element, hint=hint, optional=True)


def _metadata_file() -> Block:
    element = {"type": "file_input", "filetypes": ["json"], "max_files": 1}
    hint = "For more than fits above: a JSON object whose values are all strings."
    return field(ids.METADATA_FILE, METADATA_FILE_FIELD, element, hint=hint, optional=True)


def _consent(typed: Prefill, policy: DialingPolicy) -> tuple[Block, Block]:
    """Slack writes "(optional)" at whatever may stay empty; the record may only where there is no consent."""
    kinds = {
        "type": "static_select",
        "placeholder": plain("Did they agree to be called?"),
        "options": [
            *(option(kind.label, kind.value, kind.text) for kind in ConsentKind),
            option("No consent is known", NO_CONSENT),
        ],
    }
    reference = _text_input("", placeholder="CRM 4711, web form of 3 May 2026", max_length=MAX_LINE)
    where, none = "Where somebody can find it years from now.", typed.consent_kind == NO_CONSENT
    return (
        # We are told at once what is chosen, because the record is asked for accordingly.
        {**field(ids.CONSENT_KIND, "Consent", kinds, hint=_needed(policy)), "dispatch_action": True},
        field(ids.CONSENT_REFERENCE, "Record of the consent", reference, hint=where, optional=none),
    )


def _needed(policy: DialingPolicy) -> str:
    """For which purposes, and where, the policy asks for consent."""
    purposes: dict[str, list[str]] = {}
    for purpose in Purpose:
        countries = policy.needs_consent(purpose)
        if countries is not None:
            where = f" to {' and '.join(countries)} numbers" if countries else ""
            purposes.setdefault(where, []).append(purpose.label.lower())
    said = (f"{' and '.join(names)} calls{where}" for where, names in sorted(purposes.items()))
    return f"Needed for {', for '.join(said)}." if purposes else "On what ground they may be called."


def _further(contract: VoiceContract) -> tuple[Block, ...]:
    """What few calls need: when, in which time zone, and the encryption."""
    day = {"type": "datepicker", "placeholder": plain("As soon as allowed")}
    hour = {"type": "timepicker", "placeholder": plain("As soon as allowed")}
    zones = {"type": "external_select", "placeholder": plain("Type a city"), "min_query_length": 1}
    known_by = _text_input("", placeholder="Their address is in Denver", max_length=MAX_LINE)
    choices = options((each, each) for each in contract.encryptions)
    encryption = {"type": "static_select", "options": choices, "initial_option": choices[0]}
    there = "On the recipient's clock. Empty: as soon as the rules allow."
    when_asked = "Only if they are elsewhere than the number, or if it is toll-free."
    return (
        field(ids.NOT_BEFORE_DATE, "Not before this day", day, optional=True),
        field(ids.NOT_BEFORE_TIME, "Not before this time", hour, hint=there, optional=True),
        field(ids.ZONE, "Recipient's time zone", zones, hint=when_asked, optional=True),
        field(ids.ZONE_KNOWN_BY, "How you know their time zone", known_by, optional=True),
        field(ids.ENCRYPTION, "Encryption of the call", encryption),
    )


def _more_options() -> Block:
    button = {"type": "button", "action_id": ids.MORE_OPTIONS, "text": plain(_MORE_OPTIONS)}
    return {"type": "actions", "block_id": ids.MORE_OPTIONS, "elements": [button]}


def _text_input(value: str, *, placeholder: str, max_length: int, multiline: bool = False) -> Element:
    element = {
        "type": "plain_text_input",
        "placeholder": plain(placeholder),
        "max_length": max_length,
        "multiline": multiline,
    }
    return {**element, "initial_value": value[:max_length]} if value else element
