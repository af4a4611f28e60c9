"""After the placement: what PolyAI says of a call's status, and what people say of an unconfirmed one."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.answer import Hearing, StatusAnswer
from bot.domain.approval import too_late
from bot.domain.call_request import CallRequest
from bot.domain.events import Event
from bot.domain.move import CALLGATE, Line, Move
from bot.domain.states import Status

RETENTION = timedelta(hours=2)
"""How long PolyAI keeps a call's status after the call ended (Outbound Calling API, getCallStatus)."""

_FINAL = {"success": Status.SUCCEEDED, "failure": Status.FAILED}


def hear(request: CallRequest, answer: StatusAnswer, at: datetime) -> Move | None:
    """What a status answer makes of a placed call; None where it tells nothing new."""
    if request.status is not Status.PLACED:
        return None
    if answer.hearing is Hearing.NOT_FOUND:
        return _status_lost(request, at) if _is_past_retention(request, at) else None
    if answer.hearing is Hearing.NO_ANSWER or answer.status == request.call_status:
        return None
    return _told(answer, at)


def confirm_placed(request: CallRequest, call_sid: str, by: str, at: datetime) -> Move:
    """A person found the unconfirmed call at PolyAI: follow it from here on.

    Raises:
        TooLate: it is not unconfirmed any more.
    """
    _check_unconfirmed(request)
    return Move(
        event=Event.CONFIRMED_PLACED,
        actor=by,
        at=at,
        to=Status.PLACED,
        changes={"call_sid": call_sid, "placed_at": at},
        details={"call_sid": call_sid},
        lines=(Line("confirmed_placed", {"by": by, "call_sid": call_sid}),),
    )


def close(request: CallRequest, by: str, at: datetime) -> Move:
    """A person ends an unconfirmed call for good.

    Raises:
        TooLate: it is not unconfirmed any more.
    """
    _check_unconfirmed(request)
    return Move(
        event=Event.CLOSED,
        actor=by,
        at=at,
        to=Status.CLOSED,
        changes={"ended_by": by, "finished_at": at},
        lines=(Line("closed", {"by": by}),),
    )


def _check_unconfirmed(request: CallRequest) -> None:
    if request.status is not Status.UNCONFIRMED:
        raise too_late(request)


def _is_past_retention(request: CallRequest, at: datetime) -> bool:
    return request.placed_at is not None and at - request.placed_at >= RETENTION


def _told(answer: StatusAnswer, at: datetime) -> Move:
    to = _FINAL.get(answer.status)
    changes: dict[str, object] = {"call_status": answer.status}
    if to is not None:
        changes |= {"finished_at": at, "end_reason": answer.reason or None}
    return Move(
        event=Event(to.value) if to else Event.CALL_STATUS,
        actor=CALLGATE,
        at=at,
        to=to,
        changes=changes,
        details={"call_status": answer.status},
        lines=(Line("call_status", {"status": answer.status, "reason": answer.reason}),),
    )


def _status_lost(request: CallRequest, at: datetime) -> Move:
    return Move(
        event=Event.STATUS_LOST,
        actor=CALLGATE,
        at=at,
        to=Status.STATUS_LOST,
        changes={"finished_at": at},
        lines=(Line("status_lost", {"call_status": request.call_status or ""}),),
    )
