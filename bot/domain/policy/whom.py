"""Whom: nobody who asked us to stop, and only countries and number types that are allowed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.call_request import CallRequest
from bot.domain.countries import country
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.dialing_policy import DialingPolicy
from bot.domain.policy.records import Records


def check_whom(request: CallRequest, records: Records, policy: DialingPolicy) -> Iterator[Violation]:
    """What forbids calling this number at all."""
    if records.suppressed:
        yield Violation(
            rule=Rule.SUPPRESSION_LIST,
            reason="This number is on the suppression list: they asked not to be called.",
            cure="It is not called. Only two approvers together can take a number off the list.",
            source="47 CFR 64.1200(a)(10), (d)",
        )
    if request.region not in policy.countries:
        place = country(request.region)
        yield Violation(
            rule=Rule.COUNTRY,
            reason=f"Calls to {place.name if place else request.region} are not allowed here.",
            cure=f"An operator can add {request.region} to the countries in the policy file.",
            source="the policy's countries",
        )
    if request.number_type not in policy.number_types:
        yield Violation(
            rule=Rule.NUMBER_TYPE,
            reason=f"This kind of number ({request.number_type.label}) is not called.",
            cure="Type another number of theirs.",
            source="the policy's number types",
        )
