"""What the card says of the dialing policy: the recipient's clock, hours, ground, what it waits for."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.call_request import CallRequest, EarlierRefusal
from bot.domain.policy.decision import Decision
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
    if not decision.allowed and decision.next_allowed is not None:
        reasons = " ".join(violation.reason for violation in decision.violations)
        until = date(decision.next_allowed)
        yield rich_text(text("Will wait until ", bold=True), until, text(f" at the earliest. {reasons}"))


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
    yield rich_text(
        text("Recipient's time: ", bold=True),
        text(f"{there} in {zones}{stated} ("),
        date(decision.at),
        text(" here)"),
    )
    # A rule's place and hours, without its source.
    hours = "; ".join(rule.partition(" (")[0].replace("*:", "anywhere:") for rule in decision.hours)
    yield rich_text(text("Hours: ", bold=True), text(hours[:_MAX_HOURS]))


_MAX_HOURS = 1_000
_MAX_REFUSALS = 3
_MAX_ZONES = 3
