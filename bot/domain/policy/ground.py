"""On what ground: the consent that a call of this purpose needs."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.call_request import CallRequest
from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.dialing_policy import DialingPolicy

_SOURCE = "47 CFR 64.1200(a), FCC 24-17"


def check_ground(request: CallRequest, policy: DialingPolicy) -> Iterator[Violation]:
    """What is missing of the consent."""
    enough = policy.consent.get(request.purpose)
    if enough is None:
        return
    if request.consent_kind not in enough:
        kinds = " or ".join(f'"{kind.label}"' for kind in ConsentKind if kind in enough)
        yield Violation(
            rule=Rule.CONSENT,
            reason=f"A call for this purpose ({request.purpose.label.lower()}) needs consent: {kinds}.",
            cure="If they gave it, choose it and say where its record is kept. If not, do not call.",
            source=_SOURCE,
        )
    elif not request.consent_reference:
        yield Violation(
            rule=Rule.CONSENT,
            reason="Where the record of their consent is kept is missing.",
            cure="Write a reference that somebody can find it by years from now.",
            source=_SOURCE,
        )
