"""What was filled in on the call form, and the draft of a call request it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from bot.domain.call_request import Encryption, Purpose
from bot.domain.errors import InvalidFields
from bot.domain.metadata import (
    check_metadata,
    merge_metadata,
    parse_metadata_json,
    parse_metadata_lines,
)
from bot.domain.phone_number import PhoneNumber, parse_phone_number
from bot.domain.policy.consent import NO_CONSENT, ConsentKind
from bot.domain.policy.zones import is_zone
from bot.domain.visible import read_line
from bot.domain.wanted_time import WantedTime

MAX_WHY = 300
"""Characters of the sentence on why, and of any other that is typed."""

T = TypeVar("T")


@dataclass(frozen=True)
class CallForm:
    """The form as it was filled in, nothing checked yet. `metadata_file` is the uploaded file's bytes."""

    to_number: str
    country: str | None
    purpose: str
    why: str
    metadata: str
    metadata_file: bytes | None
    encryption: str
    consent_kind: str = ""
    consent_reference: str = ""
    zone: str = ""
    zone_known_by: str = ""
    not_before_date: str = ""
    not_before_time: str = ""


@dataclass(frozen=True)
class Draft:
    """A form in which everything is right."""

    number: PhoneNumber
    purpose: Purpose
    why: str
    metadata: dict[str, str]
    encryption: Encryption
    consent_kind: ConsentKind | None = None
    consent_reference: str | None = None
    zone: str | None = None
    zone_known_by: str | None = None
    not_before: WantedTime | None = None


def read_form(form: CallForm) -> Draft:
    """Check the whole form.

    Raises:
        InvalidFields: every field that is wrong, each with its own sentence.
    """
    checks = _Checks()
    number = checks.run(lambda: parse_phone_number(form.to_number, form.country))
    purpose = checks.run(lambda: _purpose(form.purpose))
    why = checks.run(lambda: _why(form.why))
    metadata = checks.run(lambda: _metadata(form))
    encryption = checks.run(lambda: _encryption(form.encryption))
    consent = checks.run(lambda: _consent(form))
    zone = checks.run(lambda: _zone(form))
    not_before = checks.run(lambda: _not_before(form))
    if checks.errors:
        raise InvalidFields(checks.errors)
    assert number and purpose and why and encryption and metadata is not None  # noqa: S101 - for mypy
    assert consent and zone  # noqa: S101 - for mypy
    return Draft(number, purpose, why, metadata, encryption, *consent, *zone, not_before)


class _Checks:
    """Runs each check and keeps what it refused, so that every field is told at once."""

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}

    def run(self, check: Callable[[], T]) -> T | None:
        try:
            return check()
        except InvalidFields as error:
            self.errors |= error.errors
            return None


def _purpose(value: str) -> Purpose:
    try:
        return Purpose(value)
    except ValueError:
        raise InvalidFields({"purpose": "Choose what the call is for."}) from None


def _encryption(value: str) -> Encryption:
    try:
        return Encryption(value)
    except ValueError:
        choices = ", ".join(Encryption)
        raise InvalidFields({"encryption": f"Choose one of {choices}."}) from None


def _why(text: str) -> str:
    why = read_line(text, "why", MAX_WHY)
    if not why:
        raise InvalidFields({"why": "Say in a sentence why this call is made; the approver decides by it."})
    return why


def _consent(form: CallForm) -> tuple[ConsentKind | None, str | None]:
    reference = read_line(form.consent_reference, "consent_reference", MAX_WHY)
    if form.consent_kind in ("", NO_CONSENT):
        if reference:
            raise InvalidFields({"consent_kind": "Choose the kind of consent too, or clear the field below."})
        return None, None
    try:
        kind = ConsentKind(form.consent_kind)
    except ValueError:
        raise InvalidFields({"consent_kind": "Choose one from the list."}) from None
    if not reference:
        missing = "Say where the record of it is kept, or why none is needed; somebody may ask in years."
        raise InvalidFields({"consent_reference": missing})
    return kind, reference


def _zone(form: CallForm) -> tuple[str | None, str | None]:
    known_by = read_line(form.zone_known_by, "zone_known_by", MAX_WHY)
    if not form.zone:
        if known_by:
            raise InvalidFields({"zone": "Choose the time zone too, or clear the field below."})
        return None, None
    if not is_zone(form.zone):
        raise InvalidFields({"zone": "Choose a time zone from the list."})
    if not known_by:
        raise InvalidFields(
            {"zone_known_by": "Say how you know it: their address is in Denver, for example."}
        )
    return form.zone, known_by


def _not_before(form: CallForm) -> WantedTime | None:
    if not form.not_before_date and not form.not_before_time:
        return None
    for name in ("not_before_date", "not_before_time"):
        if not getattr(form, name):
            raise InvalidFields({name: "Choose both a date and a time, or neither."})
    try:
        at = datetime.strptime(form.not_before_time, "%H:%M").time()
        return WantedTime(date.fromisoformat(form.not_before_date), at)
    except ValueError:
        raise InvalidFields({"not_before_time": "Choose a date and a time from the pickers."}) from None


def _metadata(form: CallForm) -> dict[str, str]:
    lines = parse_metadata_lines(form.metadata)
    file = {} if form.metadata_file is None else parse_metadata_json(form.metadata_file)
    metadata = merge_metadata(lines, file)
    check_metadata(metadata, "metadata_file" if file and not lines else "metadata")
    return metadata
