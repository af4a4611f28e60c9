"""A new request before the dialing policy: errors at their fields, or stored with what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.ask import Purpose
from bot.domain.call_request import AlsoOpen, CallRequest, OpenRequest
from bot.domain.errors import InvalidFields, Refused, TooLate
from bot.domain.fingerprint import as_submitted, submission_sha256
from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.decision import Rule
from bot.domain.policy.dialing_policy import shipped_policy
from bot.domain.policy.evaluate import evaluate
from bot.domain.policy.number_type import NumberType
from bot.domain.policy.records import Records
from bot.domain.states import Status
from bot.domain.submission import admit, check_asked_again, check_may_wait
from tests.domain.policy.cases import NOON, WRITTEN, rules_until_september
from tests.support.requests import a_request

HOUR = timedelta(hours=1)
ONE_CALL = 'informational = [{ most = 1, within = "60d" }]'


TEN = datetime(2026, 8, 25, 14, tzinfo=UTC)
"""On that Tuesday, in Boston."""


def admitted(
    not_before: datetime | None = None, records: Records | None = None, at: datetime = NOON, **changes: Any
) -> CallRequest:
    asked = a_request(**changes, not_before=not_before)
    return admit(asked, records or Records(), shipped_policy(), at)


def errors(*args: Any, **kwargs: Any) -> dict[str, str]:
    with pytest.raises(InvalidFields) as caught:
        admitted(*args, **kwargs)
    return caught.value.errors


def test_one_person_may_have_so_many_waiting() -> None:
    """One fewer than the most waits, and one more may; the refusal is by a rule of its own."""
    check_may_wait(2, 3)
    for waiting in (3, 4):
        with pytest.raises(Refused, match=f"You have {waiting} requests") as refused:
            check_may_wait(waiting, 3)
        assert refused.value.rules == ("max_pending",)


def test_a_refusal_names_its_rules() -> None:
    """Once each, for the record."""
    with pytest.raises(InvalidFields) as caught:
        admitted(purpose=Purpose.MARKETING, consent=None, consent_reference=None)
    assert Rule.CONSENT.value in caught.value.rules
    assert len(set(caught.value.rules)) == len(caught.value.rules)


def test_an_allowed_request_is_stored_with_the_decision() -> None:
    """Nothing else of it changes."""
    request = a_request()
    stored = admit(request, Records(), shipped_policy(), NOON)
    assert stored.decision == evaluate(request, Records(), shipped_policy(), NOON) and stored.decision.allowed
    assert stored.model_copy(update={"decision": None}) == request


def test_a_request_by_night_is_stored_and_says_until_when_it_waits() -> None:
    """The night refuses nobody who did not ask for a time."""
    stored = admitted(at=NOON + 10 * HOUR)
    assert stored.decision and not stored.decision.allowed
    assert stored.decision.next_allowed == datetime(2026, 8, 25, 12, tzinfo=UTC)
    assert stored.not_before is None


def test_a_full_cap_makes_a_request_wait() -> None:
    """A cap and a quiet period end by themselves."""
    records = Records(attempts=(NOON - HOUR,) * 7, last_success=NOON - HOUR)
    stored = admitted(records=records, purpose=Purpose.DEBT_COLLECTION)
    assert stored.decision and stored.decision.next_allowed == NOON - HOUR + timedelta(days=7)


@pytest.mark.parametrize(
    ("field", "records", "changes"),
    [
        ("to_number", Records(suppressed=True), {}),
        ("to_number", Records(), {"region": "JM"}),
        ("to_number", Records(), {"number_type": NumberType.PAGER}),
        ("consent_kind", Records(), {"purpose": Purpose.MARKETING}),
        ("consent_kind", Records(), {"consent_kind": None}),
        ("purpose", Records(), {"to_number": "+12065551234", "purpose": Purpose.MARKETING, **WRITTEN}),
        ("zone", Records(), {"to_number": "+18005551234"}),
    ],
)
def test_what_is_forbidden_is_refused_at_its_field(
    field: str, records: Records, changes: dict[str, Any]
) -> None:
    """With what is wrong and what to do, by day and by night; the night itself is no error."""
    for at in (NOON, NOON + 10 * HOUR):
        told = errors(records=records, at=at, **changes)
        (violation,) = (
            one
            for one in evaluate(a_request(**changes), records, shipped_policy(), at).violations
            if one.until is None
        )
        assert told == {field: f"{violation.reason} {violation.cure}"}


def test_errors_of_one_field_stand_together() -> None:
    """Nothing is left out because something else is wrong as well."""
    told = errors(
        records=Records(suppressed=True),
        region="JM",
        number_type=NumberType.PAGER,
        purpose=Purpose.MARKETING,
        to_number="+18005551234",
    )
    assert set(told) == {"to_number", "consent_kind", "zone"}
    for part in ("suppression list", "Jamaica", "pager"):
        assert part in told["to_number"]
    assert "  " not in told["to_number"] and told["to_number"] == told["to_number"].strip()


def test_a_number_that_was_just_called_waits() -> None:
    """Ten minutes later it may be called again; whoever asks now is not sent away."""
    stored = admitted(records=Records(last_attempt=NOON - timedelta(minutes=4)))
    assert stored.decision and stored.decision.next_allowed == NOON + timedelta(minutes=6)


def test_a_window_that_does_not_open_again_is_told_at_the_zone() -> None:
    """Another zone might have hours."""
    with pytest.raises(InvalidFields) as caught:
        admit(a_request(), Records(), rules_until_september(), NOON + timedelta(days=8))
    assert set(caught.value.errors) == {"zone"}


@pytest.mark.parametrize(
    ("policy", "records", "not_before", "field"),
    [
        (
            '[caps]\ninformational = [{ most = 1, within = "60d" }]',
            Records(attempts=(NOON,)),
            None,
            "to_number",
        ),
        ('[quiet_after_success]\ninformational = "60d"', Records(last_success=NOON), None, "to_number"),
        ('between_calls = "60d"', Records(last_attempt=NOON), None, "to_number"),
        ("", Records(), datetime(2026, 9, 10, 14, tzinfo=UTC), "not_before_time"),
    ],
)
def test_a_wait_until_no_window_is_open_any_more_is_refused(
    policy: str, records: Records, not_before: datetime | None, field: str
) -> None:
    """The hours end in August: what would have to wait longer is refused where it makes the call wait."""
    with pytest.raises(InvalidFields) as caught:
        admit(a_request(not_before=not_before), records, rules_until_september(policy), NOON)
    assert set(caught.value.errors) == {field}


def test_a_time_asked_for_is_waited_for() -> None:
    """Until then nothing else speaks against the call."""
    stored = admitted(TEN)
    assert stored.decision and stored.decision.next_allowed == stored.not_before == TEN
    assert [violation.rule for violation in stored.decision.violations] == [Rule.NOT_BEFORE]


def test_a_time_asked_for_is_neither_past_nor_too_far_ahead() -> None:
    """The sentence stands at the time."""
    assert "past" in errors(NOON)["not_before_time"]
    assert "60 days" in errors(NOON + timedelta(days=61))["not_before_time"]


def test_a_time_asked_for_may_be_the_first_of_the_day() -> None:
    """At 8:00 sharp the window is open; at 7:59 the next moment is told on the recipient's clock."""
    assert admitted(TEN - 2 * HOUR).not_before == TEN - 2 * HOUR
    told = errors(TEN - 2 * HOUR - timedelta(minutes=1))
    assert (
        set(told) == {"not_before_time"}
        and "allowed time there is Tuesday 25 August, 08:00" in told["not_before_time"]
    )


def test_a_time_asked_for_in_the_night_is_refused_with_the_next_morning() -> None:
    """Whoever asked for 22:00 did not ask for the next day: they choose anew; in an unknown state from 9."""
    told = errors(TEN + 14 * HOUR, zone="America/Denver")
    assert "allowed time there is Wednesday 26 August, 09:00" in told["not_before_time"]


def test_a_time_asked_for_that_a_cap_forbids_is_refused() -> None:
    """The cap ends on Tuesday at 11:00 in Boston: ten o'clock is too early, eleven is not."""
    records = Records(attempts=(NOON - HOUR,) * 3)
    marketing = {"purpose": Purpose.MARKETING, **WRITTEN}
    told = errors(TEN, records, **marketing)
    assert "allowed time there is Tuesday 25 August, 11:00" in told["not_before_time"]
    stored = admitted(TEN + HOUR, records, **marketing)
    assert stored.decision and stored.decision.next_allowed == stored.not_before == NOON + 23 * HOUR


def test_the_same_form_submitted_again_is_the_same_request() -> None:
    """Also with a time asked for, and when that time is past by now."""
    stored = admitted(TEN).model_copy(update={"created_at": NOON})
    again = {"id": "CR-OTHER", "not_before": TEN, "created_at": NOON + 48 * HOUR}
    check_asked_again(a_request(**again), stored)
    check_asked_again(a_request(), a_request())


@pytest.mark.parametrize(
    "changes",
    [
        {"requester": "U0EVE"},
        {"origin_channel": "C0OTHER"},
        {"to_number": "+16176451985"},
        {"zone": "America/Denver"},
        {"purpose": Purpose.OTHER},
        {"why": "Something else"},
        {"consent_kind": ConsentKind.RELATIONSHIP},
        {"consent_reference": "CRM 1"},
        {"metadata": {}},
        {"encryption": "UDP/RTP"},
        {"not_before": TEN},
    ],
)
def test_a_form_that_was_changed_since_is_told_so(changes: dict[str, Any]) -> None:
    """Nobody takes the earlier request for the one that they asked for now."""
    stored = a_request()
    with pytest.raises(TooLate, match=stored.id):
        check_asked_again(a_request(**changes), stored)


def test_other_requests_that_are_open_are_kept_with_the_new_one() -> None:
    """They stop nothing, and belong to what was submitted: its fingerprint has them."""
    first = OpenRequest(id="CR-FIRST", requester="U0ALICE", status=Status.APPROVED)
    stored = admitted(records=Records(also_open=AlsoOpen(oldest=(first,), more=2)))
    assert stored.also_open == AlsoOpen(oldest=(first,), more=2) and stored.decision
    alone = stored.model_copy(update={"also_open": None})
    assert submission_sha256(stored) != submission_sha256(alone) and "also_open" not in as_submitted(alone)
