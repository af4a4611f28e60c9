"""Every detail of a call request, for the requester and approvers only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.ask import asked, marks
from bot.domain.call_request import CallRequest
from bot.domain.countries import country
from bot.domain.fingerprint import submission_sha256
from bot.domain.phone_number import PhoneNumber
from bot.slack.show import ids
from bot.slack.show.also_open import also_open
from bot.slack.show.forgotten import forgotten_review
from bot.slack.show.modal import View, modal
from bot.slack.show.policy_facts import moment, refused
from bot.slack.show.text import Block, plain, rich_text, text, user

_MAX_TEXT = 3_000
"""Characters in one section (Block Kit)."""


def review(request: CallRequest) -> View:
    """The modal behind Review: the number in full, the whole metadata."""
    if request.forgotten_at is not None:
        return forgotten_review(request, request.forgotten_at)
    blocks = [
        rich_text(text("Requester: ", bold=True), user(request.requester)),
        *_asked(request),
        *also_open(request),
        *(rich_text(*refused(refusal)) for refusal in request.refused_before or ()),
        *_decision(request),
        _fact("Request", request.id),
        _fact("SHA-256 of what is sent", request.payload_sha256),
        rich_text(text("Metadata", bold=True)),
        *_metadata(request),
    ]
    handle = ids.Handle(request.id, submission_sha256(request))
    return modal("Review the call", blocks, callback_id=ids.REVIEW, carries=handle.write())


def _asked(request: CallRequest) -> Iterator[Block]:
    """Everything that was asked for, under its label; the metadata, which may be long, comes last."""
    number = PhoneNumber(request.to_number, request.region, request.number_as_typed)
    place = country(request.region)
    values = asked(request) | {
        "to_number": f"{number.international} ({place.name if place else request.region})",
        "metadata": None,
    }
    for name, mark in marks():
        match values[name]:
            case None | "":
                continue
            case datetime() as at:
                yield rich_text(text(f"{mark.label}: ", bold=True), *moment(at, request.decision))
            case value if mark.label:
                yield _fact(mark.label, getattr(value, "label", str(value)))


def _decision(request: CallRequest) -> list[Block]:
    """What the dialing policy said last, with every rule that stood in the way."""
    if request.decision is None:
        return []
    broken = [
        _fact(violation.rule.value.replace("_", " ").capitalize(), f"{violation.reason} ({violation.source})")
        for violation in request.decision.violations
    ]
    return [_fact("Dialing policy", request.decision.policy), *broken]


def _fact(label: str, value: str) -> Block:
    return rich_text(text(f"{label}: ", bold=True), text(value))


def _metadata(request: CallRequest) -> list[Block]:
    lines = "\n".join(f"{key} = {value}" for key, value in request.metadata.items()) or "none"
    pieces = [lines[start : start + _MAX_TEXT] for start in range(0, len(lines), _MAX_TEXT)]
    # A piece of blanks alone would be refused as empty.
    return [{"type": "section", "text": plain(piece)} for piece in pieces if piece.strip()]
