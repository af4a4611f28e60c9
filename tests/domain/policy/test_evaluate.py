"""All rules at once, and the first moment at which none is broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ask import Purpose
from bot.domain.call_request import CallRequest
from bot.domain.policy.decision import Decision, LocalTime, Rule
from bot.domain.policy.dialing_policy import DialingPolicy, read_policy, shipped_policy
from bot.domain.policy.evaluate import evaluate
from bot.domain.policy.number_type import NumberType
from bot.domain.policy.records import Records
from tests.domain.policy.cases import NOON, WRITTEN, is_told, rules_until_september
from tests.support.requests import a_request

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = datetime(2026, 8, 25, 12, tzinfo=UTC)  # Tuesday, 8:00 in Boston
EVENING = datetime(2026, 8, 25, 0, tzinfo=UTC)  # Monday, 20:00 in Boston: marketing is over


def judged(records: Records | None = None, at: datetime = NOON, **changes: Any) -> Decision:
    return evaluate(a_request(**changes), records or Records(), shipped_policy(), at)


def broken(decision: Decision) -> list[Rule]:
    return [violation.rule for violation in decision.violations]


def test_an_allowed_call_says_what_that_was_based_on() -> None:
    """The decision has the moment, the rules, the zones, the local times and the hours that apply."""
    decision = judged(to_number="+18502345678", purpose=Purpose.MARKETING, **WRITTEN)
    assert decision.allowed and decision.violations == () and decision.refusals == ()
    assert (decision.at, decision.next_allowed) == (NOON, NOON)
    assert decision.policy == shipped_policy().name
    assert decision.zones == ("America/Chicago", "America/New_York")
    early, late = decision.earliest, decision.latest
    assert early and late and (early.zone, late.zone) == ("America/Chicago", "America/New_York")
    assert (early.at.isoformat(), late.at.isoformat()) == (
        "2026-08-24T11:00:00-05:00",
        "2026-08-24T12:00:00-04:00",
    )
    assert [words.partition(":")[0] for words in decision.hours] == ["US", "US-FL"]


def test_nothing_on_record_stops_nothing() -> None:
    """A number of which nothing is known is not suppressed, was not called, and no freeze is in force."""
    nothing = Records(suppressed=False, attempts=(), last_success=None, last_attempt=None, frozen=False)
    assert Records() == nothing and judged(nothing).allowed


def test_without_a_zone_no_local_time_is_invented() -> None:
    """A toll-free number has no clock: nothing of it is told, and nothing is allowed."""
    decision = judged(to_number="+18005551234", number_type=NumberType.TOLL_FREE)
    assert (decision.zones, decision.hours, decision.earliest, decision.latest) == ((), (), None, None)
    assert broken(decision) == [Rule.TIME_ZONE] and decision.next_allowed is None


def test_all_violations_are_told_in_the_order_of_the_rules() -> None:
    """Everything that speaks against a call is there at once, each with its reason, cure and source."""
    decision = judged(
        Records(suppressed=True, attempts=(EVENING - HOUR,) * 3, last_attempt=EVENING + HOUR),
        at=EVENING + HOUR,
        region="JM",
        number_type=NumberType.PAGER,
        purpose=Purpose.MARKETING,
        not_before=MORNING,
    )
    assert broken(decision) == [
        Rule.SUPPRESSION_LIST,
        Rule.COUNTRY,
        Rule.NUMBER_TYPE,
        Rule.CONSENT,
        Rule.NOT_BEFORE,
        Rule.CALLING_WINDOW,
        Rule.BETWEEN_CALLS,
        Rule.CAP,
    ]
    assert all(is_told(violation) for violation in decision.violations)
    assert decision.next_allowed is None
    assert [one.rule for one in decision.refusals] == broken(decision)[:4]


@pytest.mark.parametrize(
    ("records", "changes", "rule"),
    [
        (Records(suppressed=True), {}, Rule.SUPPRESSION_LIST),
        (Records(), {"region": "JM"}, Rule.COUNTRY),
        (Records(), {"number_type": NumberType.UNKNOWN}, Rule.NUMBER_TYPE),
        (Records(), {"purpose": Purpose.MARKETING}, Rule.CONSENT),
        (Records(), {"consent_kind": None}, Rule.CONSENT),
        (
            Records(),
            {"to_number": "+12062345678", "purpose": Purpose.MARKETING, **WRITTEN},
            Rule.BANNED,
        ),
        (Records(), {"to_number": "+18005551234"}, Rule.TIME_ZONE),
    ],
)
def test_what_waiting_does_not_cure_is_never_allowed(
    records: Records, changes: dict[str, Any], rule: Rule
) -> None:
    """By day and by night there is no next moment, and the refusal names the rule."""
    for at in (NOON, EVENING + 3 * HOUR):
        decision = judged(records, at, **changes)
        assert decision.next_allowed is None and [one.rule for one in decision.refusals] == [rule]


def test_a_call_by_night_waits_for_the_morning() -> None:
    """The next allowed moment is the start of the recipient's window."""
    decision = judged(at=EVENING + HOUR)
    assert broken(decision) == [Rule.CALLING_WINDOW] and decision.next_allowed == MORNING
    assert judged(at=EVENING + HOUR - timedelta(microseconds=1)).allowed


def test_a_cap_that_ends_at_night_means_the_next_morning() -> None:
    """Three marketing calls until midnight yesterday: the cap ends at night, the call goes at 8:00."""
    records = Records(attempts=(NOON - 14 * HOUR, NOON - 3 * HOUR, NOON - HOUR))
    decision = judged(records, purpose=Purpose.MARKETING, **WRITTEN)
    assert broken(decision) == [Rule.CAP]
    assert decision.violations[0].until == NOON + 10 * HOUR  # 22:00
    assert decision.next_allowed == MORNING


def test_a_cap_that_ends_by_day_means_that_moment() -> None:
    """Where the window is open when the cap ends, nobody waits longer."""
    records = Records(attempts=(NOON - 22 * HOUR, NOON - 3 * HOUR, NOON - HOUR))
    assert judged(records, purpose=Purpose.MARKETING, **WRITTEN).next_allowed == NOON + 2 * HOUR


def test_the_longest_wait_counts() -> None:
    """A quiet period, a cap and a time asked for: the call goes when the last of them is over."""
    records = Records(attempts=(NOON - HOUR,) * 7, last_success=NOON - 2 * DAY)
    asked, new_york = NOON + 3 * DAY, {"purpose": Purpose.DEBT_COLLECTION, "to_number": "+12122345678"}
    decision = judged(records, not_before=asked, **new_york)
    assert broken(decision) == [Rule.NOT_BEFORE, Rule.CAP, Rule.QUIET_PERIOD]
    assert decision.next_allowed == NOON + 7 * DAY - HOUR
    early = replace(records, attempts=())
    assert judged(early, not_before=asked, **new_york).next_allowed == NOON + 5 * DAY


def test_a_time_asked_for_at_night_means_the_morning_after() -> None:
    """The call waits for its time, and then for the window."""
    assert judged(not_before=EVENING + 3 * HOUR).next_allowed == MORNING


def test_rules_that_never_agree_are_no_wait_without_end() -> None:
    """A row that ends before the time asked for: no moment is left, and everything is told."""
    policy = rules_until_september()
    decision = evaluate(a_request(not_before=NOON + 10 * DAY), Records(), policy, NOON)
    assert broken(decision) == [Rule.NOT_BEFORE] and decision.next_allowed is None
    assert [one.rule for one in decision.refusals] == [Rule.NOT_BEFORE]


def test_a_decision_says_which_consent_was_asked_for() -> None:
    """None is an answer, too; only of a decision from before that was recorded nothing is known."""
    (us,) = judged().consent or ()
    assert "to United States needs consent" in us
    assert judged(to_number="+493012345678", region="DE", consent_kind=None).consent == ()
    assert Decision(at=NOON, policy="older").consent is None
    again = Decision.model_validate(judged(region="DE").model_dump(mode="json", exclude_defaults=True))
    assert again.consent == judged(region="DE").consent == ()


def test_a_decision_survives_being_stored() -> None:
    """Its JSON form has the offset of each local time, and reads back as the same moments."""
    decision = judged(at=EVENING + HOUR)
    again = Decision.model_validate_json(decision.model_dump_json())
    assert again.next_allowed == decision.next_allowed and again.violations == decision.violations
    assert decision.earliest == LocalTime(
        zone="America/New_York", at=datetime.fromisoformat("2026-08-24T21:00-04:00")
    )
    assert again.earliest and again.earliest.at.isoformat() == "2026-08-24T21:00:00-04:00"


moments = st.integers(-30_000, 30_000).map(lambda minutes: NOON + timedelta(minutes=minutes))
attempts = st.lists(st.integers(0, 30_000), max_size=9).map(
    lambda ago: tuple(NOON - timedelta(minutes=minutes) for minutes in ago)
)
requests = st.builds(
    a_request,
    to_number=st.sampled_from(
        ["+16176451984", "+18502345678", "+13105551234", "+12062345678", "+442079460958"]
    ),
    purpose=st.sampled_from(Purpose),
    not_before=st.none() | moments,
    zone=st.sampled_from([None, None, "America/Denver"]),
    consent_kind=st.just(WRITTEN["consent_kind"]),
    consent_reference=st.just("CRM"),
)
records_of = st.builds(
    Records,
    suppressed=st.booleans(),
    attempts=attempts,
    last_success=st.none() | moments,
    last_attempt=st.none() | moments,
)
POLICIES = [
    shipped_policy(),
    read_policy('[caps]\nother = [{ most = 1, within = "3h" }]\n[quiet_after_success]\nother = "36h"'),
]
some = settings(max_examples=150)


@some
@given(requests, records_of, st.sampled_from(POLICIES), moments)
def test_the_next_allowed_moment_is_allowed(
    request: CallRequest, records: Records, policy: DialingPolicy, at: datetime
) -> None:
    """Whatever is in the way, the moment that is told is not before now, and then the call may go."""
    decision = evaluate(request, records, policy, at)
    assert decision.allowed == (decision.next_allowed == at)
    assert bool(decision.refusals) == (decision.next_allowed is None)
    if decision.next_allowed is not None:
        assert decision.next_allowed >= at
        assert evaluate(request, records, policy, decision.next_allowed).allowed


@some
@given(requests, records_of, st.sampled_from(POLICIES), moments, st.floats(0, 0.999))
def test_no_moment_before_the_next_allowed_one_is_allowed(
    request: CallRequest, records: Records, policy: DialingPolicy, at: datetime, part: float
) -> None:
    """Nobody waits longer than the rules ask."""
    opens = evaluate(request, records, policy, at).next_allowed
    if opens is not None and opens > at:
        assert not evaluate(request, records, policy, at + (opens - at) * part).allowed


@some
@given(requests, records_of, st.sampled_from(POLICIES), moments, attempts)
def test_more_attempts_never_make_a_call_allowed_earlier(
    request: CallRequest, records: Records, policy: DialingPolicy, at: datetime, more: tuple[datetime, ...]
) -> None:
    """Calling somebody again only puts the next call off."""
    before = evaluate(request, records, policy, at)
    after = evaluate(request, replace(records, attempts=records.attempts + more), policy, at)
    assert set(broken(before)) <= set(broken(after))
    if after.next_allowed is not None:
        assert before.next_allowed is not None and before.next_allowed <= after.next_allowed


@some
@given(requests, records_of, st.sampled_from(POLICIES), moments)
def test_who_is_suppressed_is_never_called(
    request: CallRequest, records: Records, policy: DialingPolicy, at: datetime
) -> None:
    """No hour, consent or purpose changes that."""
    decision = evaluate(request, replace(records, suppressed=True), policy, at)
    assert not decision.allowed and decision.next_allowed is None
    assert Rule.SUPPRESSION_LIST in [one.rule for one in decision.refusals]
