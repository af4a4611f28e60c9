"""With which consent: what a call for this purpose needs, at this place, to this type of number."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.call_request import CallRequest
from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.dialing_policy import Consent, DialingPolicy
from bot.domain.policy.places import Applying, consents_for, places_for


def check_consent(request: CallRequest, policy: DialingPolicy) -> Iterator[Violation]:
    """Which consent is missing, or the reference to its record."""
    needed = _needed_for(request, policy)
    missing = [one for one in needed if request.consent_kind not in one.rule.any_of]
    for one in missing:
        yield Violation(
            rule=Rule.CONSENT,
            reason=f"{_in_words(request, one)}.",
            cure="If they gave it, choose it and say where its record is kept. If not, do not call.",
            source=_source(request, one),
        )
    if needed and not missing and not request.consent_reference:
        yield Violation(
            rule=Rule.CONSENT,
            reason="It is not stated where the record of their consent is kept.",
            cure="Write a reference by which somebody can find it years from now.",
            source=_source(request, needed[0]),
        )


def consent_in_words(request: CallRequest, policy: DialingPolicy) -> tuple[str, ...]:
    """The consent rules that apply, with their sources; empty if the call needs no consent."""
    return tuple(
        f"{_in_words(request, one)} ({_source(request, one)})" for one in _needed_for(request, policy)
    )


def _needed_for(request: CallRequest, policy: DialingPolicy) -> tuple[Applying[Consent], ...]:
    return consents_for(policy, places_for(request), request.purpose, request.number_type)


def _in_words(request: CallRequest, one: Applying[Consent]) -> str:
    kinds = " or ".join(f'"{kind.label}"' for kind in ConsentKind if kind in one.rule.any_of)
    to = f" to {one.where}" if one.where else ""
    purpose = request.purpose.label.lower()
    return f"A call for this purpose ({purpose}){to} needs consent: {kinds or 'no kind of it is enough'}"


def _source(request: CallRequest, one: Applying[Consent]) -> str:
    return one.source or f"the policy's consent for {request.purpose.label.lower()}"
