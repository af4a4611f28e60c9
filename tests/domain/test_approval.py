"""What people may decide about a request, and when the clock decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain import approval
from bot.domain.approvers import Approvers
from bot.domain.call_request import Approval, CallRequest
from bot.domain.errors import NotAllowed, Refused, TooLate
from bot.domain.events import Event
from bot.domain.fingerprint import submission_sha256
from bot.domain.move import CALLGATE, Move
from bot.domain.policy.decision import Decision
from bot.domain.states import Status
from tests.support.clock import START
from tests.support.requests import ALLOWED, a_request, forbidden, recorded, waits_until

HOUR, DAY, TICK = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
LATER = START + 3 * HOUR
BOB, EVE, ZOE = "U0BOB", "U0EVE", "U0ZOE"
ENDED = [Status.DENIED, Status.CANCELLED, Status.EXPIRED, Status.CLOSED]
DECIDED = [status for status in Status if status not in {Status.PENDING_APPROVAL, *ENDED}]


def given(*people: str, **changes: Any) -> CallRequest:
    """A request that these have approved so far."""
    approvals = tuple(Approval(by=person, at=START) for person in people)
    return a_request(approvals=approvals, **changes)


def approve(request: CallRequest, by: str = BOB, decision: Decision = ALLOWED, **changes: Any) -> Move:
    values = {"sha256": submission_sha256(request), "at": START, "dial_within": DAY, "required": 1, **changes}
    return approval.approve(
        request,
        by,
        values["sha256"],
        values["at"],
        values["dial_within"],
        decision,
        values.get("events") or recorded(request),
        required=values["required"],
    )


def test_one_approval_is_enough_where_one_is_required() -> None:
    """It is bound to the payload, and the dial may begin at once."""
    request = a_request()
    move = approve(request)
    assert (move.event, move.actor, move.at, move.to) == (Event.APPROVED, BOB, START, Status.APPROVED)
    assert move.changes == {
        "approvals": (Approval(by=BOB, at=START),),
        "decision": ALLOWED,
        "approved_by": BOB,
        "approved_at": START,
        "approved_sha256": request.payload_sha256,
        "dial_after": START,
        "dial_expires_at": START + DAY,
    }
    assert move.details["payload_sha256"] == request.payload_sha256
    assert move.details["submission_sha256"] == submission_sha256(request)
    at = START.isoformat().replace("+00:00", "Z")
    assert move.details["decision"] == {"at": at, "policy": ALLOWED.policy, "next_allowed": at}
    assert [(line.name, line.data) for line in move.lines] == [("approved", {"by": BOB})]


def test_an_allowed_call_that_names_no_moment_may_go_at_once() -> None:
    """What has no violations waits for nothing."""
    move = approve(a_request(), decision=Decision(at=START, policy="p"), at=LATER)
    assert (move.changes["dial_after"], move.changes["dial_expires_at"]) == (LATER, LATER + DAY)


def test_an_approval_by_night_waits_and_its_time_to_dial_counts_from_the_morning() -> None:
    """The thread is told until when, and why."""
    move = approve(a_request(), decision=waits_until(LATER))
    assert move.to is Status.APPROVED
    assert (move.changes["dial_after"], move.changes["dial_expires_at"]) == (LATER, LATER + DAY)
    assert [line.name for line in move.lines] == ["approved", "waits"]
    assert move.lines[1].data == {"until": LATER.timestamp(), "reasons": ["It is night."], "there": ""}


def test_each_of_several_people_has_to_approve() -> None:
    """Two are required: the first yes is recorded and leaves it pending, the second approves it."""
    request = given(approvals_required=2)
    first = approve(request)
    assert (first.event, first.actor, first.to) == (Event.APPROVAL_GIVEN, BOB, None)
    assert first.changes == {
        "approvals": (Approval(by=BOB, at=START),),
        "approvals_raised_to": None,
        "decision": ALLOWED,
    }
    assert first.details["payload_sha256"] == request.payload_sha256 and "decision" in first.details
    assert [(line.name, line.data) for line in first.lines] == [("approval_given", {"by": BOB, "missing": 1})]
    second = approve(given(BOB, approvals_required=2), EVE, at=START + HOUR)
    assert second.to is Status.APPROVED and second.changes["approved_by"] == EVE
    assert [(one.by, one.at) for one in second.changes["approvals"]] == [(BOB, START), (EVE, START + HOUR)]


def test_more_people_that_are_required_by_now_have_to_approve() -> None:
    """It is remembered with the first yes of the time: lowered again, the larger number still holds."""
    first = approve(given(), required=3)
    assert (first.to, first.changes["approvals_raised_to"], first.lines[0].data["missing"]) == (None, 3, 2)
    as_before = approve(given(approvals_required=2), required=2)
    assert (as_before.to, as_before.changes["approvals_raised_to"]) == (None, None)
    raised = given(BOB).model_copy(update={"approvals_raised_to": 3})
    assert approve(raised, EVE, required=1).changes["approvals_raised_to"] == 3


def test_three_people_are_counted_down() -> None:
    """The thread is told how many are still missing."""
    moves = [approve(given(*people, approvals_required=3), ZOE) for people in ([], [BOB], [BOB, EVE])]
    assert [move.to for move in moves] == [None, None, Status.APPROVED]
    assert [move.lines[0].data.get("missing") for move in moves] == [2, 1, None]


@pytest.mark.parametrize(("required", "says"), [(2, "One more person has to"), (3, "2 more people have to")])
def test_nobody_approves_twice(required: int, says: str) -> None:
    """A double click of one person is not two people; the others still can."""
    request = given(BOB, approvals_required=required)
    with pytest.raises(TooLate, match=f"approved this already. {says}"):
        approve(request)
    assert approve(request, EVE)


@pytest.mark.parametrize("people", [[], [BOB]])
def test_the_requester_is_never_one_of_them(people: list[str]) -> None:
    """Neither as the first nor as the last, whoever asks."""
    with pytest.raises(NotAllowed, match="you asked for it"):
        approve(given(*people, approvals_required=2), "U0ALICE")


def test_an_approval_is_of_exactly_that_payload() -> None:
    """A button of another version approves nothing."""
    request = a_request()
    with pytest.raises(TooLate, match="another version"):
        approve(request, sha256="0" * 64)
    with pytest.raises(TooLate, match="another version"):
        approve(request, sha256="")


def test_no_approver_overrides_a_rule() -> None:
    """What the policy forbids for good is refused with its reason and cure, and not what would pass."""
    for request in (a_request(), given(approvals_required=2)):
        with pytest.raises(Refused) as caught:
            approve(request, decision=forbidden())
        assert caught.value.sentence == "This call is not allowed. They said stop. Do not call."
    twice = forbidden().model_copy(update={"violations": forbidden().refusals * 2})
    with pytest.raises(Refused, match=r"Do not call\. They said stop\."):
        approve(a_request(), decision=twice)


def test_an_approval_comes_too_late_at_the_moment_of_expiry() -> None:
    """A microsecond before it is in time."""
    request = a_request(approval_expires_at=LATER)
    assert approve(request, at=LATER - TICK)
    with pytest.raises(TooLate, match="expired"):
        approve(request, at=LATER)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.PENDING_APPROVAL])
def test_only_what_is_pending_is_decided(status: Status) -> None:
    """A late click gets who was first, and changes nothing."""
    request = a_request(status=status, ended_by=EVE, approved_by=ZOE)
    with pytest.raises(TooLate) as by_approve:
        approve(request)
    with pytest.raises(TooLate) as by_deny:
        approval.deny(request, BOB, "no", START)
    told = str(approval.too_late(request))
    assert str(by_approve.value) == str(by_deny.value) == told
    named = {Status.EXPIRED: "expired"}.get(status, f"<@{EVE if status in ENDED else ZOE}>")
    assert named in told


def test_who_was_first_is_told_with_how_it_went_on() -> None:
    """Waits to be dialed, is being dialed, or in the thread; of one that waits, that it waits."""
    said = {status: str(approval.too_late(a_request(status=status, approved_by=ZOE))) for status in DECIDED}
    assert "waits to be dialed" in said[Status.APPROVED] and "is being dialed" in said[Status.DIALING]
    others = {text for status, text in said.items() if status not in {Status.APPROVED, Status.DIALING}}
    assert len(others) == 1 and "thread" in others.pop()
    assert "still waiting" in str(approval.too_late(a_request()))
    assert "denied" in str(approval.too_late(a_request(status=Status.DENIED)))


def test_a_denial_ends_it() -> None:
    """With the person and the reason; nothing is dialed."""
    move = approval.deny(a_request(), BOB, "Wrong number", START)
    assert move and (move.event, move.actor, move.to) == (Event.DENIED, BOB, Status.DENIED)
    assert move.changes == {
        "ended_by": BOB,
        "end_reason": "Wrong number",
        "finished_at": START,
        "dial_after": None,
    }
    assert [(line.name, line.data) for line in move.lines] == [
        ("denied", {"by": BOB, "reason": "Wrong number"})
    ]
    with pytest.raises(TooLate, match="expired"):
        approval.deny(a_request(approval_expires_at=START), BOB, "no", START)


def test_the_same_denial_again_changes_nothing() -> None:
    """Its acknowledgement was lost; another person, another reason or another end comes too late."""
    ended = {"status": Status.DENIED, "ended_by": BOB, "end_reason": "no"}
    assert approval.deny(a_request(**ended), BOB, "no", START) is None
    for changes in ({"ended_by": EVE}, {"end_reason": "No"}, {"status": Status.CANCELLED}):
        with pytest.raises(TooLate):
            approval.deny(a_request(**{**ended, **changes}), BOB, "no", START)


@pytest.mark.parametrize("status", Status)
def test_the_requester_cancels_until_the_dial(status: Status) -> None:
    """Nobody else can, and not what is being dialed or has ended."""
    request = a_request(status=status, approved_by=ZOE, ended_by=EVE)
    with pytest.raises(NotAllowed, match="Only the requester, <@U0ALICE>"):
        approval.cancel(request, BOB, START)
    if status in {Status.PENDING_APPROVAL, Status.APPROVED}:
        move = approval.cancel(request, "U0ALICE", START)
        assert (move.to, move.actor, move.changes["ended_by"]) == (Status.CANCELLED, "U0ALICE", "U0ALICE")
        (line,) = move.lines
        assert (line.name, line.data) == ("cancelled", {"by": "U0ALICE"})
        assert move.changes["dial_after"] is None
    else:
        with pytest.raises(TooLate):
            approval.cancel(request, "U0ALICE", START)


def test_a_request_expires_at_its_moment() -> None:
    """Pending ones by their approval, approved ones by their dial; a microsecond before, neither."""
    pending = a_request(approval_expires_at=LATER, dial_expires_at=START)
    approved = a_request(status=Status.APPROVED, approval_expires_at=START, dial_expires_at=LATER)
    for request, waited_for in ((pending, "approval"), (approved, "dial")):
        assert not approval.is_overdue(request, LATER - TICK)
        with pytest.raises(TooLate):
            approval.expire(request, LATER - TICK)
        move = approval.expire(request, LATER)
        (line,) = move.lines
        assert (move.to, move.actor) == (Status.EXPIRED, CALLGATE)
        assert (line.name, line.data) == ("expired", {"waited_for": waited_for})
    assert approval.is_overdue(approved.model_copy(update={"dial_expires_at": None}), LATER) is False


@pytest.mark.parametrize("status", [*DECIDED[1:], *ENDED])
def test_what_does_not_wait_does_not_expire(status: Status) -> None:
    """What is being dialed, or has ended, is not overdue."""
    request = a_request(status=status, approval_expires_at=START, dial_expires_at=START, approved_by=ZOE)
    assert status is not Status.APPROVED and not approval.is_overdue(request, LATER)
    with pytest.raises(TooLate):
        approval.expire(request, LATER)


def test_the_thread_is_told_of_a_wait_only() -> None:
    """Not where the call may go now, nor where waiting does not help."""
    assert approval.waiting(ALLOWED) == () and approval.waiting(forbidden()) == ()
    assert len(approval.waiting(waits_until(LATER))) == 1


PEOPLE = [f"U0P{number}" for number in range(9)]
GROUPS = [f"S0G{number}" for number in range(9)]
NAMED = Approvers(frozenset({*PEOPLE, "U0ALICE"}), frozenset(GROUPS))


def remind(request: CallRequest, at: Any = START) -> Move | None:
    return approval.remind(request, NAMED, HOUR / 2, at)


def test_a_reminder_names_who_may_approve() -> None:
    """Everybody but the requester, in order, and when the request expires."""
    move = remind(a_request(remind_at=START))
    assert move and (move.event, move.actor, move.to) == (Event.REMINDED, CALLGATE, None)
    (line,) = move.lines
    assert line.data == {
        "users": PEOPLE,
        "groups": GROUPS,
        "expires": (START + 4 * HOUR).timestamp(),
    }
    assert line.name == "reminder"


def test_each_reminder_waits_twice_as_long() -> None:
    """After 30 minutes come one hour, two hours, four; none when the request would have expired."""
    request, at, waits = a_request(remind_at=START, approval_expires_at=START + DAY), START, []
    while request.remind_at is not None:
        at = request.remind_at
        move = remind(request, at)
        assert move is not None and move.changes["reminders"] == request.reminders + 1
        request = request.model_copy(update=dict(move.changes))
        waits += [request.remind_at - at] if request.remind_at else []
    assert waits == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert remind(request, at + DAY) is None


def test_a_reminder_is_not_planned_for_the_moment_of_expiry() -> None:
    """The next one is planned only if it comes before it."""
    for expires, planned in ((START + HOUR, None), (START + HOUR + TICK, START + HOUR)):
        move = remind(a_request(remind_at=START, approval_expires_at=expires))
        assert move is not None and move.changes["remind_at"] == planned


def test_nobody_is_reminded_before_it_is_due_or_after_it_is_decided() -> None:
    """At the moment it is due; not of what is overdue, approved, or to be told no more."""
    assert remind(a_request(remind_at=START), START - TICK) is None
    assert remind(a_request(remind_at=None)) is None
    assert remind(a_request(remind_at=START, approval_expires_at=START)) is None
    assert remind(a_request(remind_at=START, status=Status.APPROVED)) is None
