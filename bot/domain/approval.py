"""What a person may decide about a call request, and what follows: approve, deny, cancel, expire."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.call_request import CallRequest
from bot.domain.errors import NotAllowed, TooLate
from bot.domain.events import Event
from bot.domain.move import CALLGATE, Line, Move
from bot.domain.states import Status

_ENDINGS = {
    Status.DENIED: "It was already denied by {ended_by}.",
    Status.CANCELLED: "It was already cancelled by {ended_by}.",
    Status.CLOSED: "It was already closed by {ended_by}.",
    Status.EXPIRED: "This request has expired. Ask for the call again with /call.",
}


def approve(request: CallRequest, by: str, sha256: str, at: datetime, dial_within: timedelta) -> Move:
    """The second person's yes, bound to the payload they saw.

    Raises:
        TooLate: somebody, or the clock, was first, or the card showed another payload.
    """
    _check_pending(request, at)
    if sha256 != request.payload_sha256:
        raise TooLate("That button belongs to another version of this request. Use the current card.")
    return Move(
        event=Event.APPROVED,
        actor=by,
        at=at,
        to=Status.APPROVED,
        changes={
            "approved_by": by,
            "approved_at": at,
            "approved_sha256": sha256,
            "dial_after": at,
            "dial_expires_at": at + dial_within,
        },
        details={"payload_sha256": sha256},
        lines=(Line("approved", {"by": by}),),
    )


def deny(request: CallRequest, by: str, reason: str, at: datetime) -> Move:
    """The second person's no, with the reason.

    Raises:
        TooLate: somebody, or the clock, was first.
    """
    _check_pending(request, at)
    return _end(request, Status.DENIED, by, at, reason, Line("denied", {"by": by, "reason": reason}))


def cancel(request: CallRequest, by: str, at: datetime) -> Move:
    """The requester takes the request back, until the call is being dialed.

    Raises:
        NotAllowed: somebody else's request.
        TooLate: it is being dialed already, or has ended.
    """
    if by != request.requester:
        raise NotAllowed(f"Only the requester, <@{request.requester}>, can cancel this. You can deny it.")
    if request.status not in {Status.PENDING_APPROVAL, Status.APPROVED}:
        raise too_late(request)
    return _end(request, Status.CANCELLED, by, at, None, Line("cancelled", {"by": by}))


def expire(request: CallRequest, at: datetime) -> Move:
    """Time is up: nobody approved, or nothing could be dialed, soon enough.

    Raises:
        TooLate: it is not waiting any more, or not yet due.
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
    """Who, or what, was first, as a sentence."""
    if request.status in _ENDINGS:
        return TooLate(_ENDINGS[request.status].format(ended_by=f"<@{request.ended_by}>"))
    if request.approved_by is not None:
        return TooLate(f"It was already approved by <@{request.approved_by}>. {_how_it_went_on(request)}")
    return TooLate("This request is still waiting for approval.")


def _check_pending(request: CallRequest, at: datetime) -> None:
    if request.status is not Status.PENDING_APPROVAL:
        raise too_late(request)
    if is_overdue(request, at):
        raise TooLate(_ENDINGS[Status.EXPIRED])


def _end(request: CallRequest, to: Status, by: str, at: datetime, reason: str | None, line: Line) -> Move:
    changes = {"ended_by": by, "end_reason": reason, "finished_at": at, "dial_after": None}
    return Move(event=Event(to.value), actor=by, at=at, to=to, changes=changes, lines=(line,))


def _how_it_went_on(request: CallRequest) -> str:
    if request.status is Status.APPROVED:
        return "The call is about to be dialed."
    if request.status is Status.DIALING:
        return "The call is being dialed."
    return "The call's thread tells how it went on."
