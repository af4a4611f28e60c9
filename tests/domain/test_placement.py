"""Dialing: what may be sent, and what each answer makes of the request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain import placement
from bot.domain.answer import Answer, Conclusion
from bot.domain.call_request import Approval, CallRequest, sha256_of
from bot.domain.errors import TooLate
from bot.domain.events import Event
from bot.domain.move import CALLGATE, CloseAttempt, Move, OpenAttempt
from bot.domain.placement import LEASE, MAX_FAILED_TO_PLACE, SENT_WITHIN, Retry
from bot.domain.states import Status
from bot.polyai.http import MAX_SECONDS
from tests.support.clock import START
from tests.support.requests import ALLOWED, PAYLOAD, a_request, forbidden, recorded, waits_until

TICK, LATER = timedelta(microseconds=1), START + timedelta(hours=9)
BOB, EVE = "U0BOB", "U0EVE"


def approved(*people: str, **changes: Any) -> CallRequest:
    """A request that these have approved, and that may be dialed now."""
    pending = a_request()
    return pending.model_copy(
        update={
            "status": Status.APPROVED,
            "approvals": tuple(Approval(by=person, at=START) for person in people or [BOB]),
            "approved_by": BOB,
            "approved_at": START,
            "approved_sha256": pending.payload_sha256,
            "dial_after": START,
            "dial_expires_at": LATER,
            **changes,
        }
    )


def dial(request: CallRequest, decision: Any = ALLOWED, at: Any = START, frozen: bool = False) -> Move:
    return placement.dial(request, at, decision, recorded(request), frozen=frozen, required=1)


def test_an_approved_call_is_claimed() -> None:
    """With a lease, an attempt that is open, and the decision and the fingerprint in the record."""
    request = approved(attempts=2)
    move = dial(request)
    assert (move.event, move.actor, move.at, move.to) == (Event.DIALING, CALLGATE, START, Status.DIALING)
    assert move.changes == {"attempts": 3, "lease_until": START + LEASE, "decision": ALLOWED}
    assert move.details["payload_sha256"] == request.payload_sha256 and move.details["attempt"] == 3
    assert move.details["decision"]["policy"] == ALLOWED.policy
    assert move.attempt == OpenAttempt(START + LEASE) and move.lines == ()


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.APPROVED])
def test_only_what_is_approved_is_dialed_blocked_or_postponed(status: Status) -> None:
    """Least of all what is being dialed already."""
    request = approved(status=status)
    for act in (
        lambda: dial(request),
        lambda: placement.block(request, "why", START),
        lambda: placement.postpone(request, "why", START, 15.0),
    ):
        with pytest.raises(TooLate):
            act()


def test_a_call_is_not_dialed_before_its_time() -> None:
    """At that moment it is, a microsecond before it is not; without a time it is."""
    with pytest.raises(TooLate, match="not time"):
        dial(approved(dial_after=START + TICK))
    assert dial(approved(dial_after=START)).to is Status.DIALING
    assert dial(approved(dial_after=None)).to is Status.DIALING


def test_an_approval_that_has_expired_is_not_dialed() -> None:
    """From the moment of expiry on."""
    assert dial(approved(), at=LATER - TICK).to is Status.DIALING
    with pytest.raises(TooLate):
        dial(approved(), at=LATER)


def test_nothing_is_dialed_while_dialing_is_frozen() -> None:
    """The request stays approved, whatever else speaks against it, and can be dialed later."""
    for request in (approved(), approved(payload=b"{}")):
        with pytest.raises(TooLate, match="frozen"):
            dial(request, frozen=True)
        with pytest.raises(TooLate, match="frozen"):
            dial(request, forbidden(), frozen=True)


@pytest.mark.parametrize("changes", [{"payload": PAYLOAD + b" "}, {"approved_sha256": None}])
def test_what_was_not_approved_is_blocked(changes: dict[str, Any]) -> None:
    """The bytes that would be sent are the ones that were approved, or none are."""
    move = dial(approved(**changes))
    assert (move.event, move.to, move.attempt) == (Event.BLOCKED, Status.BLOCKED, None)
    assert "not what was approved" in move.changes["end_reason"]
    assert move.changes["finished_at"] == START and move.changes["dial_after"] is None
    assert [(line.name, line.data) for line in move.lines] == [
        ("blocked", {"reason": move.changes["end_reason"]})
    ]


@pytest.mark.parametrize(
    ("people", "required", "dialed"),
    [
        ([BOB], 1, True),
        ([BOB, EVE], 1, True),
        ([BOB], 2, False),
        ([BOB, EVE], 2, True),
        ([BOB, EVE], 3, False),
        ([BOB, BOB], 2, False),
        (["U0ALICE"], 1, False),
        (["U0ALICE", BOB], 2, False),
    ],
)
def test_too_few_approvals_are_blocked(people: list[str], required: int, dialed: bool) -> None:
    """Different people are counted, and never the requester."""
    move = dial(approved(*people, approvals_required=required))
    assert (move.to is Status.DIALING) is dialed
    assert dialed or (move.to is Status.BLOCKED and "Not enough" in move.changes["end_reason"])


def test_without_any_approval_nothing_is_dialed() -> None:
    """Whatever the status says."""
    assert dial(approved(approvals=())).to is Status.BLOCKED


def test_a_call_that_has_to_wait_waits_and_the_thread_is_told() -> None:
    """It stays approved until the moment at which the policy allows it."""
    decision = waits_until(LATER)
    move = dial(approved(), decision)
    assert (move.event, move.actor, move.to, move.attempt) == (Event.POSTPONED, CALLGATE, None, None)
    assert move.changes == {"dial_after": LATER, "decision": decision}
    assert move.details["decision"]["next_allowed"]
    assert [line.name for line in move.lines] == ["waits"]


def test_a_call_that_is_forbidden_for_good_is_blocked() -> None:
    """With the reasons that waiting does not cure, and the decision in the record."""
    decision = forbidden()
    move = dial(approved(), decision)
    assert (move.event, move.to, move.attempt) == (Event.BLOCKED, Status.BLOCKED, None)
    assert move.changes == {
        "end_reason": "They said stop.",
        "finished_at": START,
        "dial_after": None,
        "decision": decision,
    }
    assert move.details["decision"]["violations"] and move.lines[0].data == {"reason": "They said stop."}
    twice = decision.model_copy(update={"violations": decision.refusals * 2})
    assert dial(approved(), twice).changes["end_reason"] == "They said stop. They said stop."


def test_what_cannot_be_read_now_is_tried_again() -> None:
    """After so many seconds, with the reason in the record and nothing in the thread."""
    move = placement.postpone(approved(), "Slack is away", START, 15.0)
    assert (move.event, move.to, move.lines) == (Event.POSTPONED, None, ())
    assert move.changes == {"dial_after": START + timedelta(seconds=15)}
    assert move.details == {"why": "Slack is away"}


def dialing(attempts: int = 1, **changes: Any) -> CallRequest:
    return approved(status=Status.DIALING, attempts=attempts, lease_until=START + LEASE, **changes)


def conclude(
    request: CallRequest, conclusion: Conclusion, believed: bool = True, **answer: Any
) -> Move | None:
    retry = Retry(lambda attempts: 10.0 * attempts, failed_to_place=believed)
    return placement.conclude(request, Answer(conclusion, "as it says", **answer), START, retry)


@pytest.mark.parametrize(
    ("conclusion", "to", "event", "line"),
    [
        (Conclusion.PLACED, Status.PLACED, Event.PLACED, "placed"),
        (Conclusion.REFUSED, Status.REJECTED, Event.REJECTED, "rejected"),
        (Conclusion.NEVER_SENT, Status.APPROVED, Event.NOT_PLACED, "never_sent"),
        (Conclusion.NOT_ACCEPTED, Status.APPROVED, Event.NOT_PLACED, "not_accepted"),
        (Conclusion.HELD, Status.APPROVED, Event.NOT_PLACED, "held"),
        (Conclusion.FAILED_TO_PLACE, Status.APPROVED, Event.NOT_PLACED, "failed_to_place"),
        (Conclusion.UNKNOWN, Status.UNCONFIRMED, Event.UNCONFIRMED, "unconfirmed"),
    ],
)
def test_what_each_answer_makes_of_a_call(
    conclusion: Conclusion, to: Status, event: Event, line: str
) -> None:
    """Only what was surely not placed is dialed again; what may ring is left to a person."""
    move = conclude(dialing(), conclusion, call_sid="OUT-1", http_status=418, correlation_id="c-1")
    assert move and (move.to, move.event, move.actor, move.at) == (to, event, CALLGATE, START)
    assert [one.name for one in move.lines] == [line]
    assert move.changes["lease_until"] is None
    assert move.changes["dial_after"] == (START + timedelta(seconds=10) if to is Status.APPROVED else None)
    assert isinstance(move.attempt, CloseAttempt) and move.attempt.answer.conclusion is conclusion
    assert move.details == {
        "conclusion": conclusion.value,
        "http_status": 418,
        "correlation_id": "c-1",
        "call_sid": "OUT-1",
        "message_sha256": sha256_of(b"as it says"),
        "answer_sha256": None,
    }
    said = {"call_sid": "OUT-1"} if to is Status.PLACED else {"reason": "as it says"}
    said |= {"call_sid": "OUT-1"} if to is Status.UNCONFIRMED else {}
    assert move.lines[0].data == said


def test_a_placed_call_has_its_sid_and_its_time() -> None:
    """What is followed from here on."""
    move = conclude(dialing(), Conclusion.PLACED, call_sid="OUT-1")
    assert move and (move.changes["call_sid"], move.changes["placed_at"]) == ("OUT-1", START)
    refused = conclude(dialing(), Conclusion.REFUSED)
    assert refused and (refused.changes["end_reason"], refused.changes["finished_at"]) == (
        "as it says",
        START,
    )


def test_a_call_that_an_answer_names_is_shown_and_not_followed() -> None:
    """Its sid is kept apart from the sid of a call that is followed, and is in the line for the thread."""
    move = conclude(dialing(), Conclusion.UNKNOWN, call_sid="OUT-1")
    assert move and "call_sid" not in move.changes and move.changes["reported_call_sid"] == "OUT-1"
    assert move.lines[0].data["call_sid"] == "OUT-1"


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("passed", "waited", "sent"),
    [
        (timedelta(0), timedelta(0), True),
        (SENT_WITHIN - TICK, SECOND, True),
        (SENT_WITHIN, SECOND, False),
        (timedelta(hours=12), SECOND, False),
        (SECOND, SENT_WITHIN - TICK, True),
        (SECOND, SENT_WITHIN, False),
        (-TICK, timedelta(0), False),
        (-timedelta(hours=12), SECOND, False),
    ],
)
def test_what_was_claimed_is_sent_soon_or_not_at_all(
    passed: timedelta, waited: timedelta, sent: bool
) -> None:
    """By the wall clock, which goes on while the machine sleeps, and by one that cannot be set back."""
    decision = ALLOWED.model_copy(update={"at": START + passed})
    if sent:
        placement.check_sending(decision, START, waited)
    else:
        with pytest.raises(TooLate):
            placement.check_sending(decision, START, waited)


def test_what_the_policy_does_not_allow_any_more_is_not_sent() -> None:
    """However soon after the claim."""
    with pytest.raises(TooLate, match="hours"):
        placement.check_sending(waits_until(LATER), START, timedelta(0))


def test_failed_to_place_that_is_not_believed_is_unconfirmed() -> None:
    """An operator who does not trust that word gets a person's decision instead of a second call."""
    move = conclude(dialing(), Conclusion.FAILED_TO_PLACE, believed=False)
    assert move and move.to is Status.UNCONFIRMED


def test_failed_to_place_is_given_up_after_so_many_times() -> None:
    """The last one rejects the call, with how often it was tried."""
    before = conclude(dialing(MAX_FAILED_TO_PLACE - 1), Conclusion.FAILED_TO_PLACE)
    last = conclude(dialing(MAX_FAILED_TO_PLACE), Conclusion.FAILED_TO_PLACE)
    assert MAX_FAILED_TO_PLACE == 6 and before and before.to is Status.APPROVED
    assert last and last.to is Status.REJECTED and "6 times" in last.changes["end_reason"]


@pytest.mark.parametrize(("asked", "waits"), [(None, 20), (0.0, 20), (19.0, 20), (21.0, 21)])
def test_the_longer_wait_counts(asked: float | None, waits: int) -> None:
    """PolyAI's Retry-After, or our own backoff by the number of attempts."""
    move = conclude(dialing(2), Conclusion.NOT_ACCEPTED, retry_after=asked)
    assert move and move.changes["dial_after"] == START + timedelta(seconds=waits)


@pytest.mark.parametrize(
    ("conclusion", "told"),
    [(Conclusion.NEVER_SENT, [True, False, False]), (Conclusion.HELD, [True, True, False])],
)
def test_a_thread_does_not_repeat_itself(conclusion: Conclusion, told: list[bool]) -> None:
    """The first attempt is told; that all dialing is held, once more."""
    moves = [conclude(dialing(attempts), conclusion) for attempts in (1, 2, 3)]
    assert [bool(move and move.lines) for move in moves] == told


@pytest.mark.parametrize("conclusion", Conclusion)
@pytest.mark.parametrize("status", [status for status in Status if status is not Status.DIALING])
def test_an_answer_that_comes_late_settles_only_what_is_unconfirmed(
    status: Status, conclusion: Conclusion
) -> None:
    """That it was placed is worth knowing, and which call it may be; nothing is ever dialed again by it."""
    move = conclude(approved(status=status), conclusion, call_sid="OUT-1")
    if status is Status.UNCONFIRMED and conclusion is Conclusion.PLACED:
        assert move and move.to is Status.PLACED and move.changes["call_sid"] == "OUT-1"
    elif status is Status.UNCONFIRMED and conclusion is Conclusion.UNKNOWN:
        assert move and move.to is None and move.changes["reported_call_sid"] == "OUT-1"
        assert conclude(approved(status=status), conclusion) is None
    else:
        assert move is None


@pytest.mark.parametrize("status", Status)
def test_an_attempt_without_an_answer_is_unconfirmed(status: Status) -> None:
    """After a crash nothing is sent again; what is not being dialed stays as it is."""
    move = placement.abandon(approved(status=status), START)
    if status is Status.DIALING:
        assert move and (move.to, move.details["conclusion"]) == (Status.UNCONFIRMED, "unknown")
        assert "stopped before the answer" in move.lines[0].data["reason"]
    else:
        assert move is None


def test_a_lease_outlasts_the_post() -> None:
    """Two minutes: what is sent as late as it may be is answered or given up by then."""
    assert timedelta(minutes=2) == LEASE
    assert SENT_WITHIN + timedelta(seconds=MAX_SECONDS) < LEASE


def test_a_call_sid_that_another_request_has_leaves_the_answer_unknown() -> None:
    """It is in the sentence, for whoever has to look, and is recorded nowhere twice."""
    answer = placement.taken(Answer(Conclusion.PLACED, "", "OUT-7", 200, "c-1"))
    assert (answer.conclusion, answer.call_sid, answer.correlation_id) == (Conclusion.UNKNOWN, None, "c-1")
    assert "OUT-7" in answer.message
