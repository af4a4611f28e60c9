"""When: inside the calling windows wherever the recipient may be, and not before the time asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.domain.ask import Ask
from bot.domain.call_request import CallRequest
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.dialing_policy import DialingPolicy
from bot.domain.policy.hours import Hours, hours
from bot.domain.policy.places import name_of, places_for
from bot.domain.policy.windows import Window
from bot.domain.policy.zones import zones_of


def zones_for(ask: Ask) -> frozenset[str]:
    """The recipient's possible time zones: the stated one, else all in which the area code can lie."""
    return frozenset({ask.zone}) if ask.zone else zones_of(ask.to_number, ask.number_type)


def hours_for(request: CallRequest, policy: DialingPolicy, at: datetime) -> Hours | None:
    """The recipient's hours at that moment; None where their time zone is not known."""
    zones = zones_for(request)
    if not zones:
        return None
    return hours(policy.windows, places_for(request), zones, request.purpose, at)


def check_when(request: CallRequest, here: Hours | None, at: datetime) -> Iterator[Violation]:
    """What forbids a call at this moment."""
    if request.not_before and at < request.not_before:
        yield Violation(
            rule=Rule.NOT_BEFORE,
            reason="It was requested for a later time.",
            cure="The call waits until then.",
            source="the request",
            until=request.not_before,
        )
    if here is None:
        yield Violation(
            rule=Rule.TIME_ZONE,
            reason="This number does not tell which time zone the recipient is in.",
            cure="Choose the recipient's time zone, and say how you know it.",
            source="47 CFR 64.1200(c)(1): the called party's location counts",
        )
    elif not here.open:
        bans = [] if here.next_opening else [row for row in here.rules if row.is_ban]
        yield _banned(request, bans) if bans else _closed(here)


def _banned(request: CallRequest, bans: list[Window]) -> Violation:
    where = ", ".join(name_of(row.jurisdiction) for row in bans)
    return Violation(
        rule=Rule.BANNED,
        reason=f"Nobody may ever be called for this purpose ({request.purpose.label.lower()}) in {where}.",
        cure="Do not place this call. An operator who is exempt can say so in a table of their own.",
        source=_sources(bans),
    )


def _closed(here: Hours) -> Violation:
    early, late = f"{here.earliest:%a %H:%M}", f"{here.latest:%a %H:%M}"
    there = early if early == late else f"between {early} and {late}"
    return Violation(
        rule=Rule.CALLING_WINDOW,
        reason=f"It is {there} where the recipient is, outside the hours in which they may be called.",
        cure="The call waits for these hours." if here.next_opening else _NEVER_OPEN,
        source=_sources(here.rules) or "the policy's calling windows, which have none",
        until=here.next_opening,
    )


_NEVER_OPEN = (
    "There are none within 30 days. If you know the recipient's time zone, choose it; else do not call."
)


def _sources(rows: Iterable[Window]) -> str:
    return "; ".join(dict.fromkeys(row.source for row in rows))
