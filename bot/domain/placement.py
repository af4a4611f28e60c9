"""Dialing: what may be sent, and what each answer means for the call request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.answer import Answer, Conclusion
from bot.domain.approval import is_overdue, recorded, too_late, waiting
from bot.domain.audit_event import AuditEvent
from bot.domain.call_request import CallRequest, sha256_of
from bot.domain.errors import TooLate
from bot.domain.events import Event
from bot.domain.move import CALLGATE, CloseAttempt, Line, Move, OpenAttempt
from bot.domain.policy.decision import Decision
from bot.domain.record import disagreements
from bot.domain.states import Status

LEASE = timedelta(minutes=2)
"""How long a dial attempt may be without an answer: longer than `SENT_WITHIN` and the POST together."""

SENT_WITHIN = timedelta(minutes=1)
"""How long after its claim an attempt may still be sent, so that its answer comes before the lease ends."""

MAX_FAILED_TO_PLACE = 6
"""How many times PolyAI may answer "failed to place, retry" before we give up the call.

The contract asks for retries "with exponential backoff" and names no number; six is our choice.
"""


@dataclass(frozen=True)
class Retry:
    """How to try a call again that was surely not placed.

    `wait` returns the seconds before the next attempt, given the number of attempts so far.
    `failed_to_place` says whether to believe PolyAI's "failed to place".
    """

    wait: Callable[[int], float]
    failed_to_place: bool


def dial(
    request: CallRequest,
    at: datetime,
    decision: Decision,
    events: Sequence[AuditEvent],
    *,
    frozen: bool,
    required: int,
) -> Move:
    """Claim the request for one POST of exactly what was approved, if the policy allows it now.

    If the policy forbids the call for good the request is blocked; if the policy says to wait, it waits.
    `events` are the request's events in the record: if they say otherwise, somebody changed the request in
    the database, and it is blocked. `required` is how many people have to approve now; if more were required
    at the submission, that number counts.

    Raises:
        TooLate: it is not, or no longer, waiting to be dialed; or somebody froze all dialing.
    """
    if request.status is not Status.APPROVED or is_overdue(request, at):
        raise too_late(request)
    if request.dial_after is not None and request.dial_after > at:
        raise TooLate("It is not time to dial this yet.")
    if frozen:
        raise TooLate("Somebody has frozen all dialing.")
    if sha256_of(request.payload) != request.approved_sha256:
        return block(request, "What would be sent is not what was approved.", at)
    approved_by = {approval.by for approval in request.approvals} - {request.requester}
    if len(approved_by) < max(required, request.approvals_needed):
        return block(request, "Not enough people have approved it.", at)
    if found := next(disagreements(request, events), None):
        return block(request, f"It was changed in the database, bypassing the record. {found}", at)
    if not decision.allowed:
        return _held_back(request, decision, at)
    return Move(
        event=Event.DIALING,
        actor=CALLGATE,
        at=at,
        to=Status.DIALING,
        changes={"attempts": request.attempts + 1, "lease_until": at + LEASE, "decision": decision},
        details={
            "payload_sha256": request.approved_sha256,
            "attempt": request.attempts + 1,
            **recorded(decision),
        },
        attempt=OpenAttempt(at + LEASE),
    )


def check_sending(decision: Decision, claimed_at: datetime, waited: timedelta) -> None:
    """In the last moment before the bytes go out: whether what the claim decided is still true.

    A machine that was suspended after the claim may wake up here, hours later. `decision` is the policy's
    at this moment of the wall clock; `waited` is the time since the claim by a clock that nobody can set.

    Raises:
        TooLate: it must not be sent.
    """
    passed = decision.at - claimed_at
    if passed < timedelta(0):
        raise TooLate("The clock was set back while the call was about to be sent.")
    if max(passed, waited) >= SENT_WITHIN:
        raise TooLate("Too much time passed before the call could be sent.")
    if not decision.allowed:
        raise TooLate("The hours in which this call is allowed ended before it could be sent.")


def _held_back(request: CallRequest, decision: Decision, at: datetime) -> Move:
    """The policy forbids the call now, or for good."""
    if decision.next_allowed is None:
        why = " ".join(violation.reason for violation in decision.refusals)
        return replace(
            block(request, why, at),
            changes={"end_reason": why, "finished_at": at, "dial_after": None, "decision": decision},
            details=recorded(decision),
        )
    return Move(
        event=Event.POSTPONED,
        actor=CALLGATE,
        at=at,
        changes={"dial_after": decision.next_allowed, "decision": decision},
        details=recorded(decision),
        lines=waiting(decision),
    )


def block(request: CallRequest, why: str, at: datetime) -> Move:
    """A rule forbids the call at the moment of dialing.

    Raises:
        TooLate: it is not waiting to be dialed.
    """
    if request.status is not Status.APPROVED:
        raise too_late(request)
    return Move(
        event=Event.BLOCKED,
        actor=CALLGATE,
        at=at,
        to=Status.BLOCKED,
        changes={"end_reason": why, "finished_at": at, "dial_after": None},
        lines=(Line("blocked", {"reason": why}),),
    )


def postpone(request: CallRequest, why: str, at: datetime, seconds: float) -> Move:
    """Something that the dial depends on cannot be read now: wait, and try again.

    Raises:
        TooLate: it is not waiting to be dialed.
    """
    if request.status is not Status.APPROVED:
        raise too_late(request)
    return Move(
        event=Event.POSTPONED,
        actor=CALLGATE,
        at=at,
        changes={"dial_after": at + timedelta(seconds=seconds)},
        details={"why": why},
    )


def conclude(request: CallRequest, answer: Answer, at: datetime, retry: Retry) -> Move | None:
    """What PolyAI's answer to the POST means for the request; None if it changes nothing."""
    if request.status is not Status.DIALING:
        return _late(request, answer, at)
    match answer.conclusion:
        case Conclusion.PLACED:
            return _placed(answer, at)
        case Conclusion.REFUSED:
            return _rejected(answer, answer.message, at)
        case Conclusion.NEVER_SENT | Conclusion.NOT_ACCEPTED | Conclusion.HELD:
            return _tried_again(request, answer, at, retry)
        case Conclusion.FAILED_TO_PLACE if retry.failed_to_place:
            if request.attempts >= MAX_FAILED_TO_PLACE:
                return _rejected(answer, f"PolyAI failed to place it {request.attempts} times.", at)
            return _tried_again(request, answer, at, retry)
        case _:
            # There is no idempotency key, no cancel and no look-up by a reference of ours, so a call that may
            # have been placed can be neither repeated nor found: a person decides.
            return unconfirmed(answer, at)


def taken(answer: Answer) -> Answer:
    """The answer, where PolyAI placed the call under a `call_sid` that somebody named for another request."""
    message = f"PolyAI placed this call as {answer.call_sid}, which somebody named for another request."
    return replace(answer, conclusion=Conclusion.UNKNOWN, call_sid=None, message=message)


def abandon(request: CallRequest, at: datetime) -> Move | None:
    """The attempt's answer will never come; None if it has come."""
    if request.status is not Status.DIALING:
        return None
    return unconfirmed(Answer(Conclusion.UNKNOWN, "Callgate stopped before the answer was recorded."), at)


def unconfirmed(answer: Answer, at: datetime) -> Move:
    """Nobody can know whether a phone rang: a person decides, and nothing is sent again.

    If the answer names a `call_sid`, it is shown to them. It is not followed before they say so.
    """
    return Move(
        event=Event.UNCONFIRMED,
        actor=CALLGATE,
        at=at,
        to=Status.UNCONFIRMED,
        changes={"lease_until": None, "dial_after": None, "reported_call_sid": answer.call_sid},
        details=_recorded(answer),
        lines=(Line("unconfirmed", {"reason": answer.message, "call_sid": answer.call_sid}),),
        attempt=CloseAttempt(answer),
    )


def _late(request: CallRequest, answer: Answer, at: datetime) -> Move | None:
    # The clock jumped, so that the lease ended while the POST was under way. The answer settles it, or helps.
    if request.status is not Status.UNCONFIRMED:
        return None
    if answer.conclusion is Conclusion.PLACED:
        return _placed(answer, at)
    names_a_call = answer.conclusion is Conclusion.UNKNOWN and answer.call_sid is not None
    return replace(unconfirmed(answer, at), to=None) if names_a_call else None


def _placed(answer: Answer, at: datetime) -> Move:
    return Move(
        event=Event.PLACED,
        actor=CALLGATE,
        at=at,
        to=Status.PLACED,
        changes={"call_sid": answer.call_sid, "placed_at": at, "lease_until": None, "dial_after": None},
        details=_recorded(answer),
        lines=(Line("placed", {"call_sid": answer.call_sid}),),
        attempt=CloseAttempt(answer),
    )


def _rejected(answer: Answer, reason: str, at: datetime) -> Move:
    return Move(
        event=Event.REJECTED,
        actor=CALLGATE,
        at=at,
        to=Status.REJECTED,
        changes={"end_reason": reason, "finished_at": at, "lease_until": None, "dial_after": None},
        details=_recorded(answer),
        lines=(Line("rejected", {"reason": reason}),),
        attempt=CloseAttempt(answer),
    )


def _tried_again(request: CallRequest, answer: Answer, at: datetime, retry: Retry) -> Move:
    wait = max(answer.retry_after or 0.0, retry.wait(request.attempts))
    # The thread says it once, because nobody reads a thread that repeats itself.
    told = request.attempts == 1 or (answer.conclusion is Conclusion.HELD and request.attempts < 3)
    line = Line(answer.conclusion.value, {"reason": answer.message})
    return Move(
        event=Event.NOT_PLACED,
        actor=CALLGATE,
        at=at,
        to=Status.APPROVED,
        changes={"lease_until": None, "dial_after": at + timedelta(seconds=wait)},
        details=_recorded(answer),
        lines=(line,) if told else (),
        attempt=CloseAttempt(answer),
    )


def _recorded(answer: Answer) -> dict[str, object]:
    body = answer.body
    return {
        "conclusion": answer.conclusion.value,
        "http_status": answer.http_status,
        "call_sid": answer.call_sid,
        "correlation_id": answer.correlation_id,
        "message_sha256": sha256_of(answer.message.encode()),
        "answer_sha256": None if body is None else sha256_of(body.encode()),
    }
