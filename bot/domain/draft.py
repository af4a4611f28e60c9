"""What was filled in on the call form, and the draft of a call request it makes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
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

MOST_WHY = 300
"""Characters of the sentence on why."""

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


@dataclass(frozen=True)
class Draft:
    """A form in which everything is right."""

    number: PhoneNumber
    purpose: Purpose
    why: str
    metadata: dict[str, str]
    encryption: Encryption


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
    if checks.errors or None in (number, purpose, why, metadata, encryption):
        raise InvalidFields(checks.errors)
    assert number and purpose and why and encryption and metadata is not None  # noqa: S101 - for mypy
    return Draft(number, purpose, why, metadata, encryption)


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
    why = " ".join(text.split())
    if not why:
        raise InvalidFields({"why": "Say in a sentence why this call is made; the approver decides by it."})
    if len(why) > MOST_WHY:
        raise InvalidFields({"why": f"That is {len(why)} characters; say it in {MOST_WHY} or fewer."})
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in why):
        raise InvalidFields({"why": "There is an invisible character in this. Type the sentence anew."})
    return why


def _metadata(form: CallForm) -> dict[str, str]:
    lines = parse_metadata_lines(form.metadata)
    file = {} if form.metadata_file is None else parse_metadata_json(form.metadata_file)
    metadata = merge_metadata(lines, file)
    check_metadata(metadata, "metadata_file" if file and not lines else "metadata")
    return metadata
