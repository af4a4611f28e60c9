"""A new request meets the dialing policy: it is refused at its fields, or stored with the decision."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ask import asked
from bot.domain.call_request import CallRequest, Submission
from bot.domain.command_name import command
from bot.domain.errors import InvalidFields, Refused, TooLate
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.dialing_policy import DialingPolicy
from bot.domain.policy.evaluate import evaluate
from bot.domain.policy.records import Records
from bot.domain.wanted_time import check_ahead

_FIELDS = {
    Rule.SUPPRESSION_LIST: "to_number",
    Rule.COUNTRY: "to_number",
    Rule.NUMBER_TYPE: "to_number",
    Rule.CAP: "to_number",
    Rule.QUIET_PERIOD: "to_number",
    Rule.BETWEEN_CALLS: "to_number",
    Rule.BANNED: "purpose",
    Rule.CONSENT: "consent_kind",
    Rule.TIME_ZONE: "zone",
    Rule.CALLING_WINDOW: "zone",
    Rule.NOT_BEFORE: "not_before_time",
}


def admit(request: CallRequest, records: Records, policy: DialingPolicy, at: datetime) -> CallRequest:
    """The request as it is stored: with the policy's decision, and the other open requests to the number.

    Raises:
        InvalidFields: the policy forbids it for good, or at the requested time.
    """
    if request.not_before:
        check_ahead(request.not_before, at)
    decision = evaluate(request, records, policy, at)
    if decision.refusals:
        errors: dict[str, str] = {}
        for violation in decision.refusals:
            name = _FIELDS[violation.rule]
            errors[name] = f"{errors.get(name, '')} {violation.reason} {violation.cure}".strip()
        raise InvalidFields(errors, _rules(decision.refusals))
    if request.not_before and decision.next_allowed and decision.next_allowed > request.not_before:
        # The recipient's clock, so that the right time can be typed at once.
        zone = decision.earliest.at.tzinfo if decision.earliest else None
        allowed = f"{decision.next_allowed.astimezone(zone):%A %d %B, %H:%M}"
        sentence = f"They may not be called at that time. The next allowed time there is {allowed}."
        raise InvalidFields({"not_before_time": sentence}, _rules(decision.violations))
    return request.model_copy(update={"decision": decision, "also_open": records.also_open})


def check_may_wait(waiting: int, limit: int) -> None:
    """Whether somebody may have one more request waiting for approval, who has so many already.

    Raises:
        Refused: no more may wait, so that one person's requests do not hide everybody else's.
    """
    if waiting >= limit:
        raise Refused(
            f"You have {waiting} requests waiting for approval, and the limit is {limit}. Submit this again"
            " when some of them are decided, or press Cancel on a card that is not needed.",
            ("max_pending",),
        )


def check_asked_again(request: Submission, stored: Submission) -> None:
    """Whether the request that is stored for a form asks for the same as the form does now.

    Raises:
        TooLate: the form was submitted before, and has been changed since.
    """
    same_person = (request.requester, request.origin_channel) == (stored.requester, stored.origin_channel)
    if not same_person or asked(request) != asked(stored):
        raise TooLate(
            f"This form was submitted as {stored.id} before you changed it, and that request stands. If it"
            f" is wrong, press Cancel on its card. For another call open a new form with {command()};"
            " copy what you need from here first."
        )


def _rules(violations: tuple[Violation, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(violation.rule.value for violation in violations))
