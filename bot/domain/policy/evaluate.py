"""The dialing policy: all rules at once, over a request, the records and a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.call_request import CallRequest
from bot.domain.policy.consent_needed import check_consent, consent_in_words
from bot.domain.policy.decision import Decision, LocalTime, Violation
from bot.domain.policy.dialing_policy import DialingPolicy
from bot.domain.policy.hours import Hours
from bot.domain.policy.how_often import check_how_often
from bot.domain.policy.records import Records
from bot.domain.policy.when import check_when, hours_for
from bot.domain.policy.whom import check_whom

_MAX_STEPS = 50


def evaluate(request: CallRequest, records: Records, policy: DialingPolicy, at: datetime) -> Decision:
    """Every rule that this call would break at that moment, and the next moment at which it breaks none."""
    here = hours_for(request, policy, at)
    violations = tuple(_violations(request, records, policy, here, at))
    return Decision(
        at=at,
        policy=policy.name,
        zones=here.zones if here else (),
        earliest=here and LocalTime(zone=str(here.earliest.tzinfo), at=here.earliest),
        latest=here and LocalTime(zone=str(here.latest.tzinfo), at=here.latest),
        hours=tuple(window.words for window in here.rules) if here else (),
        consent=consent_in_words(request, policy),
        violations=violations,
        next_allowed=_next_allowed(request, records, policy, violations, at),
    )


def _violations(
    request: CallRequest, records: Records, policy: DialingPolicy, here: Hours | None, at: datetime
) -> Iterator[Violation]:
    yield from check_whom(request, records, policy)
    yield from check_consent(request, policy)
    yield from check_when(request, here, at)
    yield from check_how_often(request, records, policy, at)


def _next_allowed(
    request: CallRequest,
    records: Records,
    policy: DialingPolicy,
    violations: tuple[Violation, ...],
    at: datetime,
) -> datetime | None:
    """Wait until what is broken now is over, look again then, and so on: a cap may end at night."""
    for _ in range(_MAX_STEPS):
        if not violations:
            return at
        ends = [violation.until for violation in violations if violation.until is not None]
        if len(ends) < len(violations):
            return None
        at = max(ends)
        here = hours_for(request, policy, at)
        violations = tuple(_violations(request, records, policy, here, at))
    return None
