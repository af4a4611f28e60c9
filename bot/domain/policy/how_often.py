"""How often: at most so many attempts in a rolling window, and a rest after a call that connected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.call_request import CallRequest
from bot.domain.duration import written
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.dialing_policy import Cap, DialingPolicy
from bot.domain.policy.records import Records


def check_how_often(
    request: CallRequest, records: Records, policy: DialingPolicy, at: datetime
) -> Iterator[Violation]:
    """What has to wait because they were called already."""
    for cap in policy.caps.get(request.purpose, ()):
        recent = sorted(attempt for attempt in records.attempts if at - cap.within < attempt)
        if len(recent) >= cap.most:
            yield _too_often(request, cap, recent[-cap.most] + cap.within)
    quiet = policy.quiet_after_success.get(request.purpose)
    if quiet and records.last_success and at < records.last_success + quiet:
        yield Violation(
            rule=Rule.QUIET_PERIOD,
            reason=f"They were reached less than {written(quiet)} ago.",
            cure="The call waits until that time is over.",
            source=f"the policy's quiet period for {request.purpose.label.lower()}",
            until=records.last_success + quiet,
        )


def _too_often(request: CallRequest, cap: Cap, until: datetime) -> Violation:
    purpose = request.purpose.label.lower()
    return Violation(
        rule=Rule.CAP,
        reason=(
            f"For this purpose ({purpose}) a number may be called {_times(cap.most)}"
            f" within {written(cap.within)}, and this one was."
        ),
        cure="The call waits until there is room for one more.",
        source=f"the policy's cap for {purpose}",
        until=until,
    )


def _times(most: int) -> str:
    return "once" if most == 1 else f"{most} times"
