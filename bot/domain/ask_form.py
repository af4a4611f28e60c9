"""Reads what was filled in on the call form: an ask, or a sentence for every field that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from bot.domain.ask import Ask, Purpose, marks
from bot.domain.errors import InvalidFields
from bot.domain.metadata import (
    check_metadata,
    merge_metadata,
    parse_metadata_json,
    parse_metadata_lines,
)
from bot.domain.phone_number import parse_phone_number
from bot.domain.policy.consent import NO_CONSENT, ConsentKind
from bot.domain.policy.when import zones_for
from bot.domain.policy.zones import is_zone
from bot.domain.visible import read_line
from bot.domain.voice_contract import VoiceContract
from bot.domain.wanted_time import moment_of

MAX_LINE = 300
"""Characters of the sentence on why, and of any other line that is typed."""

Typed = Mapping[str, str]
"""The content of the fields that the form showed, by their names; empty where nothing was filled in."""


def read_ask(typed: Typed, contract: VoiceContract, metadata_file: bytes | None = None) -> Ask:
    """Check the whole form. `metadata_file` is the uploaded file.

    Raises:
        InvalidFields: every field that is wrong.
    """
    read: dict[str, Any] = {}
    errors: dict[str, str] = {}

    def run(check: Callable[[], Mapping[str, Any]]) -> None:
        try:
            read.update(check())
        except InvalidFields as error:
            errors.update(error.errors)

    for name, mark in marks():
        if mark.line:
            run(partial(_line, typed, name))
    for check in (_number, _purpose, _consent, _zone, _not_before):
        run(partial(check, typed))
    run(partial(_encryption, typed, contract.encryptions))
    run(partial(_metadata, typed, metadata_file, contract.max_metadata))
    if not typed.get("why", "").strip():
        errors["why"] = "Say in a sentence why this call is made; the approver decides by it."
    if errors:
        raise InvalidFields(errors)
    wanted = read.pop("wanted")
    ask = Ask(**read)
    if wanted is None:
        return ask
    return ask.model_copy(update={"not_before": moment_of(wanted, zones_for(ask))})


def _line(typed: Typed, name: str) -> Mapping[str, Any]:
    return {name: read_line(typed.get(name, ""), name, MAX_LINE) or None}


def _number(typed: Typed) -> Mapping[str, Any]:
    number = parse_phone_number(typed.get("to_number", ""), typed.get("country") or None)
    return {
        "to_number": number.e164,
        "number_as_typed": number.as_typed,
        "region": number.region,
        "number_type": number.type,
    }


def _purpose(typed: Typed) -> Mapping[str, Any]:
    try:
        return {"purpose": Purpose(typed.get("purpose", ""))}
    except ValueError:
        raise InvalidFields({"purpose": "Choose what the call is for."}) from None


def _encryption(typed: Typed, choices: Sequence[str]) -> Mapping[str, Any]:
    # If the form did not show it, it is the contract's default; if it did, what was chosen is checked.
    chosen = typed.get("encryption", choices[0])
    if chosen not in choices:
        raise InvalidFields({"encryption": f"Choose one of {', '.join(choices)}."})
    return {"encryption": chosen}


def _consent(typed: Typed) -> Mapping[str, Any]:
    chosen, reference = typed.get("consent_kind", ""), typed.get("consent_reference", "").strip()
    if chosen in ("", NO_CONSENT):
        if reference:
            raise InvalidFields({"consent_kind": "Choose the kind of consent too, or clear the field below."})
        return {}
    try:
        kind = ConsentKind(chosen)
    except ValueError:
        raise InvalidFields({"consent_kind": "Choose one from the list."}) from None
    if not reference:
        missing = "Say where the record of it is kept, or why none is needed; somebody may ask years later."
        raise InvalidFields({"consent_reference": missing})
    return {"consent_kind": kind, "consent_text": kind.text}


def _zone(typed: Typed) -> Mapping[str, Any]:
    zone, known_by = typed.get("zone", ""), typed.get("zone_known_by", "").strip()
    if not zone:
        if known_by:
            raise InvalidFields({"zone": "Choose the time zone too, or clear the field below."})
        return {}
    if not is_zone(zone):
        raise InvalidFields({"zone": "Choose a time zone from the list."})
    if not known_by:
        raise InvalidFields(
            {"zone_known_by": "Say how you know it, for example: their address is in Denver."}
        )
    return {"zone": zone}


def _metadata(typed: Typed, uploaded: bytes | None, limit: int) -> Mapping[str, Any]:
    lines = parse_metadata_lines(typed.get("metadata", ""))
    file = {} if uploaded is None else parse_metadata_json(uploaded)
    metadata = merge_metadata(lines, file)
    check_metadata(metadata, "metadata_file" if file and not lines else "metadata", limit)
    return {"metadata": metadata}


def _not_before(typed: Typed) -> Mapping[str, Any]:
    """The time on the recipient's clock; it becomes a moment when the time zone is known."""
    on, at = typed.get("not_before_date", ""), typed.get("not_before_time", "")
    if not on and not at:
        return {"wanted": None}
    if not on or not at:
        name = "not_before_time" if on else "not_before_date"
        raise InvalidFields({name: "Choose both a date and a time, or neither."})
    try:
        there = datetime.combine(date.fromisoformat(on), datetime.strptime(at, "%H:%M").time())
    except ValueError:
        raise InvalidFields({"not_before_time": "Choose a date and a time from the pickers."}) from None
    return {"wanted": there}
