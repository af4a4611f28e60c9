"""How often: a pause between calls, a cap in a rolling window, a quiet period after one that connected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.call_request import CallRequest
from bot.domain.duration import written
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.dialing_policy import Cap, DialingPolicy
from bot.domain.policy.places import Applying, caps_for, places_for
from bot.domain.policy.records import Records


def check_how_often(
    request: CallRequest, records: Records, policy: DialingPolicy, at: datetime
) -> Iterator[Violation]:
    """What has to wait because the number was called already."""
    pause = policy.between_calls
    if records.last_attempt and at < records.last_attempt + pause:
        yield Violation(
            rule=Rule.BETWEEN_CALLS,
            reason=f"This number was called less than {written(pause)} ago, for this or another purpose.",
            cure="The call waits until that time is over.",
            source="the policy's pause between calls",
            until=records.last_attempt + pause,
        )
    for applying in caps_for(policy, places_for(request), request.purpose):
        cap = applying.rule
        recent = sorted(attempt for attempt in records.attempts if at - cap.within < attempt)
        if len(recent) >= cap.most:
            yield _too_often(request, applying, recent[-cap.most] + cap.within)
    quiet = policy.quiet_after_success.get(request.purpose)
    if quiet and records.last_success and at < records.last_success + quiet:
        yield Violation(
            rule=Rule.QUIET_PERIOD,
            reason=f"They were reached less than {written(quiet)} ago.",
            cure="The call waits until that time is over.",
            source=f"the policy's quiet period for {request.purpose.label.lower()}",
            until=records.last_success + quiet,
        )


def _too_often(request: CallRequest, applying: Applying[Cap], until: datetime) -> Violation:
    purpose, cap = request.purpose.label.lower(), applying.rule
    there = f" in {applying.where}" if applying.where else ""
    times = "once" if cap.most == 1 else f"{cap.most} times"
    return Violation(
        rule=Rule.CAP,
        reason=(
            f"For this purpose ({purpose}) a number{there} may be called {times}"
            f" within {written(cap.within)}, and this one was."
        ),
        cure="The call waits until there is room for one more.",
        source=applying.source or f"the policy's cap for {purpose}",
        until=until,
    )
