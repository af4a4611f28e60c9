"""What the card says of the dialing policy: the recipient's clock, hours, ground, what it waits for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.call_request import CallRequest, EarlierRefusal
from bot.domain.policy.decision import Decision
from bot.domain.policy.jurisdictions import ANYWHERE
from bot.domain.policy.places import full_name_of
from bot.domain.policy.recipients_clock import where_they_are
from bot.domain.states import Status
from bot.slack.show.text import Block, Element, date, rich_text, text, user

_NOT_DIALED_YET = frozenset({Status.PENDING_APPROVAL, Status.APPROVED})


def policy_facts(request: CallRequest) -> Iterator[Block]:
    """What an approver has to see; once the call was dialed, only its ground is left to say."""
    for refusal in (request.refused_before or ())[-_MAX_REFUSALS:]:
        yield rich_text(*refused(refusal))
    if request.consent_kind:
        yield rich_text(
            text("Consent: ", bold=True), text(request.consent_text or request.consent_kind.label)
        )
    if request.decision is None or request.status not in _NOT_DIALED_YET:
        return
    decision = request.decision
    yield from _clock(request, decision)
    if request.not_before is not None:
        yield rich_text(text("Not before: ", bold=True), *moment(request.not_before, decision))
    if not decision.allowed and decision.next_allowed is not None:
        reasons = " ".join(violation.reason for violation in decision.violations)
        until = moment(decision.next_allowed, decision)
        yield rich_text(text("Will wait until ", bold=True), *until, text(f" at the earliest. {reasons}"))


def moment(at: datetime, decision: Decision | None) -> list[Element]:
    """A moment on the reader's clock and, where the recipient's zone is known, on theirs."""
    there = where_they_are(at, decision.zones if decision else ())
    return [date(at), *([text(there)] if there else [])]


def refused(refusal: EarlierRefusal) -> list[Element]:
    """That the number was asked for before, and refused: it may have been asked for as something else."""
    rules = ", ".join(rule.replace("_", " ") for rule in refusal.rules)
    return [
        text(f"Asked as {refusal.purpose.label} first, refused: {rules}. ", bold=True),
        text("By "),
        user(refusal.by),
        text(", "),
        date(refusal.at),
        text("."),
    ]


def _clock(request: CallRequest, decision: Decision) -> Iterator[Block]:
    if decision.earliest is None or decision.latest is None:
        return
    early, late = f"{decision.earliest.at:%H:%M}", f"{decision.latest.at:%H:%M}"
    there = early if early == late else f"between {early} and {late}"
    stated = ", as the requester states" if request.zone else ""
    zones = ", ".join(zone.replace("_", " ") for zone in decision.zones[:_MAX_ZONES])
    if len(decision.zones) > _MAX_ZONES:
        zones += f" and {len(decision.zones) - _MAX_ZONES} more"
    # The card stands still, so it names the moment.
    asked = decision.at == request.created_at
    then = "this was asked for" if asked else "the rules were last checked"
    yield rich_text(
        text(f"Recipient's time when {then}: ", bold=True),
        text(f"{there} in {zones}{stated} ("),
        date(decision.at),
        text(" here)"),
    )
    hours = "; ".join(_hours(rule, alone=len(decision.hours) == 1) for rule in decision.hours)
    yield rich_text(text("Hours: ", bold=True), text(hours[:_MAX_HOURS]))


def _hours(rule: str, *, alone: bool) -> str:
    """A rule's place by its name, and its hours, without its source."""
    place, _, hours = rule.partition(" (")[0].partition(": ")
    if place == ANYWHERE:
        return hours if alone else f"elsewhere: {hours}"
    return f"{full_name_of(place)}: {hours}"


_MAX_HOURS = 1_000
_MAX_REFUSALS = 3
_MAX_ZONES = 3
