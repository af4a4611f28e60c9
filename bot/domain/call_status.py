"""After the placement: what PolyAI says of a call's status, and what people say of an unconfirmed one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.answer import PollResult, StatusAnswer
from bot.domain.approval import too_late
from bot.domain.call_request import CallRequest
from bot.domain.errors import TooLate
from bot.domain.events import Event
from bot.domain.move import CALLGATE, Line, Move
from bot.domain.states import Status

_FINAL = {"succeeded": Status.SUCCEEDED, "failed": Status.FAILED}

SILENT = "silent"
"""The call status of a call of which the provider has said nothing for `SILENT_AFTER`."""

SILENT_AFTER = timedelta(hours=1)

MAX_CHANGES = 10
"""Changes of status that are told, but for the last: a provider that makes one up at each poll fills no
thread."""


@dataclass(frozen=True, slots=True)
class CallInProgress:
    """What has to be known of a placed call to ask for its status: thousands are kept in memory."""

    id: str
    call_sid: str
    call_status: str | None
    placed_at: datetime
    heard_at: datetime | None = None
    """When this process last heard a status of it, or first asked."""
    changes: int = 0
    """How many changes of its status this process has told."""


def call_in_progress(
    request: CallRequest, heard_at: datetime | None = None, changes: int = 0
) -> CallInProgress | None:
    """The call to follow; None where the request has none, not yet or not any more."""
    if request.status is not Status.PLACED or request.call_sid is None or request.placed_at is None:
        return None
    call = request.id, request.call_sid, request.call_status, request.placed_at
    return CallInProgress(*call, heard_at, changes)


def is_news(call: CallInProgress, answer: StatusAnswer, at: datetime, kept: timedelta) -> bool:
    """Whether a status answer tells anything that is not known of the call.

    `kept` is how long the provider keeps the status of a call that has ended.
    """
    if answer.result is PollResult.NOT_FOUND:
        return at - call.placed_at >= kept
    if answer.result is PollResult.STATUS:
        told = call.changes < MAX_CHANGES or answer.status in _FINAL
        return told and answer.status != call.call_status
    return _is_silent(call, at) and call.call_status != SILENT


def on_status(
    request: CallRequest,
    answer: StatusAnswer,
    at: datetime,
    kept: timedelta,
    heard_at: datetime | None = None,
    changes: int = 0,
) -> Move | None:
    """What a status answer makes of a placed call; None where it tells nothing new."""
    call = call_in_progress(request, heard_at, changes)
    if call is None or not is_news(call, answer, at, kept):
        return None
    match answer.result:
        case PollResult.NOT_FOUND:
            return _status_lost(request, at)
        case PollResult.STATUS:
            return _told(answer, at)
    return _told(StatusAnswer(PollResult.STATUS, SILENT), at)


def _is_silent(call: CallInProgress, at: datetime) -> bool:
    return call.heard_at is not None and at - call.heard_at >= SILENT_AFTER


def confirm_placed(request: CallRequest, call_sid: str, by: str, at: datetime) -> Move | None:
    """A person found the unconfirmed call at PolyAI: follow it from here on; None where it is known as that.

    Raises:
        TooLate: it is not unconfirmed any more.
    """
    if request.call_sid == call_sid:
        return None  # said before, or PolyAI's answer came after all
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


def confirm_reported(request: CallRequest, by: str, at: datetime) -> Move | None:
    """A person says that the unconfirmed call is the one that PolyAI's answer named.

    Raises:
        TooLate: it is not unconfirmed any more, or no answer named a call.
    """
    if request.reported_call_sid is None:
        _check_unconfirmed(request)
        raise TooLate("No answer named a call_sid for this call. Look it up in PolyAI, and give it yourself.")
    return confirm_placed(request, request.reported_call_sid, by, at)


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
