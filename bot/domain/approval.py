"""What ends the wait of a call request: somebody approves, denies or cancels it, or it expires."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.approvers import Approvers, check_not_requester, named
from bot.domain.audit_event import AuditEvent
from bot.domain.call_request import Approval, CallRequest
from bot.domain.errors import NotAllowed, Refused, TooLate
from bot.domain.events import Event
from bot.domain.fingerprint import submission_sha256
from bot.domain.move import CALLGATE, Line, Move
from bot.domain.policy.decision import Decision
from bot.domain.policy.recipients_clock import where_they_are
from bot.domain.record import disagreements
from bot.domain.states import Status

_ASK_AGAIN = "It cannot be approved: tell your operator, and ask for the call again."
_ENDINGS = {
    Status.DENIED: "It was already denied by {ended_by}.",
    Status.CANCELLED: "It was already cancelled by {ended_by}.",
    Status.CLOSED: "It was already closed by {ended_by}.",
    Status.EXPIRED: "This request has expired. Ask for the call again.",
}
_SINCE_THEN = {
    Status.APPROVED: "The call waits to be dialed.",
    Status.DIALING: "The call is being dialed.",
}


def approve(
    request: CallRequest,
    by: str,
    sha256: str,
    at: datetime,
    dial_within: timedelta,
    decision: Decision,
    events: Sequence[AuditEvent],
    *,
    required: int,
) -> Move:
    """One more person's approval, bound to what they saw; the last required one makes the request approved.

    `sha256` is the submission's, `events` are the request's events in the record. `required` is how many
    people have to approve now; if more were required at the submission, that number counts. The call is
    dialed when the policy allows it; `dial_within` counts from that moment.

    Raises:
        NotAllowed: requesters cannot approve their own request.
        TooLate: somebody, or the clock, was first; or the card showed another version of the request.
        Refused: the dialing policy forbids the call, and waiting would not change that; or somebody changed
            the request in the database, so that it is not what the record says.
    """
    check_not_requester(request, by)
    _check_pending(request, at)
    if found := next(disagreements(request, events), None):
        raise Refused(f"This request was changed in the database, bypassing the record. {found} {_ASK_AGAIN}")
    if sha256 != submission_sha256(request):
        raise TooLate("That button belongs to another version of this request. Use the current card.")
    if required > request.approvals_needed:
        request = request.model_copy(update={"approvals_raised_to": required})
    if any(approval.by == by for approval in request.approvals):
        raise TooLate(f"You have approved this already. {_still_missing(request)}")
    _check_policy(decision)
    approvals = (*request.approvals, Approval(by=by, at=at))
    if len(approvals) < request.approvals_needed:
        return _given(request.model_copy(update={"approvals": approvals}), by, at, decision)
    starts = decision.next_allowed or at
    return Move(
        event=Event.APPROVED,
        actor=by,
        at=at,
        to=Status.APPROVED,
        changes={
            "approvals": approvals,
            "decision": decision,
            "approved_by": by,
            "approved_at": at,
            "approved_sha256": request.payload_sha256,
            "dial_after": starts,
            "dial_expires_at": starts + dial_within,
        },
        details={**_approved_hashes(request), **recorded(decision)},
        lines=(Line("approved", {"by": by}), *waiting(decision)),
    )


def recorded(decision: Decision) -> dict[str, object]:
    """The decision, as the details of an audit event have it."""
    return {"decision": decision.model_dump(mode="json", exclude_defaults=True)}


def waiting(decision: Decision) -> tuple[Line, ...]:
    """The thread's line about a call that has to wait for the policy: until when, and why."""
    if decision.allowed or decision.next_allowed is None:
        return ()
    said = {
        "until": decision.next_allowed.timestamp(),
        "reasons": [violation.reason for violation in decision.violations],
        "there": where_they_are(decision.next_allowed, decision.zones),
    }
    return (Line("waits", said),)


def remind(request: CallRequest, approvers: Approvers, first_after: timedelta, at: datetime) -> Move | None:
    """Nobody has decided: remind the approvers, each time after twice as long. None if it is not due."""
    due = request.status is Status.PENDING_APPROVAL and request.remind_at and request.remind_at <= at
    if not due or is_overdue(request, at):
        return None
    again = at + first_after * 2 ** (request.reminders + 1)
    named = {"users": sorted(approvers.users - {request.requester}), "groups": sorted(approvers.groups)}
    return Move(
        event=Event.REMINDED,
        actor=CALLGATE,
        at=at,
        changes={
            "reminders": request.reminders + 1,
            "remind_at": again if again < request.approval_expires_at else None,
        },
        lines=(Line("reminder", {**named, "expires": request.approval_expires_at.timestamp()}),),
        redraws=True,  # somebody may have deleted the card, which only an edit tells
    )


def deny(request: CallRequest, by: str, reason: str, at: datetime) -> Move | None:
    """The second person's denial, with the reason; None if exactly this denial is on record.

    Raises:
        TooLate: somebody, or the clock, was first.
    """
    if (request.status, request.ended_by, request.end_reason) == (Status.DENIED, by, reason):
        return None  # Slack did not get our acknowledgement, and sent the form again
    _check_pending(request, at)
    return _end(request, Status.DENIED, by, at, reason, Line("denied", {"by": by, "reason": reason}))


def cancel(request: CallRequest, by: str, at: datetime) -> Move:
    """The requester withdraws the request, as long as the call is not being dialed.

    Raises:
        NotAllowed: it is somebody else's request.
        TooLate: it is being dialed already, or has ended.
    """
    if by != request.requester:
        instead = " An approver can deny it." if request.status is Status.PENDING_APPROVAL else ""
        raise NotAllowed(f"Only the requester, <@{request.requester}>, can cancel this.{instead}")
    if request.status not in {Status.PENDING_APPROVAL, Status.APPROVED}:
        raise too_late(request)
    return _end(request, Status.CANCELLED, by, at, None, Line("cancelled", {"by": by}))


def expire(request: CallRequest, at: datetime) -> Move:
    """Time is up: it was not approved, or could not be dialed, soon enough.

    Raises:
        TooLate: it is no longer waiting, or not yet due.
    """
    if not is_overdue(request, at):
        raise too_late(request)
    waited_for = "approval" if request.status is Status.PENDING_APPROVAL else "dial"
    return _end(request, Status.EXPIRED, CALLGATE, at, None, Line("expired", {"waited_for": waited_for}))


def is_overdue(request: CallRequest, at: datetime) -> bool:
    """Whether the request has waited longer than it may."""
    if request.status is Status.PENDING_APPROVAL:
        return at >= request.approval_expires_at
    if request.status is Status.APPROVED and request.dial_expires_at is not None:
        return at >= request.dial_expires_at
    return False


def too_late(request: CallRequest) -> TooLate:
    """A sentence on who, or what, was first."""
    if request.status in _ENDINGS:
        return TooLate(_ENDINGS[request.status].format(ended_by=named(request.ended_by)))
    if request.approved_by is not None:
        since = _SINCE_THEN.get(request.status, "The call's thread shows what happened since then.")
        return TooLate(f"It was already approved by <@{request.approved_by}>. {since}")
    return TooLate("This request is still waiting for approval.")


def _check_pending(request: CallRequest, at: datetime) -> None:
    if request.status is not Status.PENDING_APPROVAL:
        raise too_late(request)
    if is_overdue(request, at):
        raise TooLate(_ENDINGS[Status.EXPIRED])


def _check_policy(decision: Decision) -> None:
    """No approver can override a rule."""
    if decision.refusals:
        said = " ".join(f"{violation.reason} {violation.cure}" for violation in decision.refusals)
        raise Refused(f"This call is not allowed. {said}")


def _given(request: CallRequest, by: str, at: datetime, decision: Decision) -> Move:
    missing = request.approvals_needed - len(request.approvals)
    raised = request.approvals_raised_to
    return Move(
        event=Event.APPROVAL_GIVEN,
        actor=by,
        at=at,
        changes={"approvals": request.approvals, "approvals_raised_to": raised, "decision": decision},
        details={**_approved_hashes(request), **recorded(decision)},
        lines=(Line("approval_given", {"by": by, "missing": missing}),),
    )


def _approved_hashes(request: CallRequest) -> dict[str, str]:
    """What an approval is bound to: the bytes that will be sent, and everything that the approver saw."""
    return {"payload_sha256": request.payload_sha256, "submission_sha256": submission_sha256(request)}


def _still_missing(request: CallRequest) -> str:
    missing = request.approvals_needed - len(request.approvals)
    return "One more person has to." if missing == 1 else f"{missing} more people have to."


def _end(request: CallRequest, to: Status, by: str, at: datetime, reason: str | None, line: Line) -> Move:
    changes = {"ended_by": by, "end_reason": reason, "finished_at": at, "dial_after": None}
    return Move(event=Event(to.value), actor=by, at=at, to=to, changes=changes, lines=(line,))
