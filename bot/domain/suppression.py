"""The suppression list: numbers that are never called. One person adds a number, two remove it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.approval import too_late
from bot.domain.approvers import named
from bot.domain.call_request import CallRequest
from bot.domain.command_name import command
from bot.domain.errors import NotAllowed, Refused, TooLate
from bot.domain.events import Event
from bot.domain.move import Line, Move
from bot.domain.states import Status

REMOVAL_HOLDS = timedelta(hours=24)
"""How long a removal waits for a second person."""

WAITING = frozenset({Status.PENDING_APPROVAL, Status.APPROVED})
"""Requests that a suppression cancels."""

UNDER_WAY = frozenset({Status.DIALING, Status.PLACED, Status.UNCONFIRMED})
"""Calls for which it comes too late."""

CALLED = frozenset({Status.SUCCEEDED, Status.FAILED, Status.STATUS_LOST, Status.CLOSED})
"""Calls in which somebody may have spoken, and asked us to stop."""

ON_LIST = "The number is on the suppression list: it is not called."


@dataclass(frozen=True)
class Suppressed:
    """The result of a suppression.

    Whether the number is new on the list, and how many requests to it were cancelled, or could not be because
    the call was under way.
    """

    new: bool
    cancelled: int
    under_way: int


@dataclass(frozen=True)
class Removal:
    """Somebody wants the number off the list, and says why.

    A command to agree names its `id`: if Slack delivers it again later, it agrees to no other removal.
    """

    id: int
    asked_by: str
    asked_at: datetime
    why: str

    def holds(self, at: datetime) -> bool:
        """Whether a second person can still agree to it."""
        return at - self.asked_at < REMOVAL_HOLDS


def cancel(request: CallRequest, by: str, at: datetime) -> Move:
    """Cancel a waiting request, because its recipient must not be called.

    Raises:
        TooLate: it is no longer waiting.
    """
    if request.status not in WAITING:
        raise too_late(request)
    return Move(
        event=Event.CANCELLED,
        actor=by,
        at=at,
        to=Status.CANCELLED,
        changes={"ended_by": by, "end_reason": ON_LIST, "finished_at": at, "dial_after": None},
        lines=(Line("suppressed", {"by": by}),),
    )


def ask_to_stop(request: CallRequest, by: str, at: datetime, cancelled: int) -> Move:
    """Note on a finished call that its recipient wants no more; `cancelled` is how many requests that ended.

    Raises:
        TooLate: there was no call, it has not ended, or its number was deleted.
    """
    if request.status not in CALLED:
        raise TooLate(f"No call has ended here. Type {command('stop')} with the number instead.")
    if request.forgotten_at is not None:
        raise TooLate(
            f"The number of this call was deleted on {request.forgotten_at:%Y-%m-%d}."
            f" Type {command('stop')} with the number instead."
        )
    line = Line("asked_to_stop", {"by": by, "cancelled": cancelled})
    return Move(event=Event.SUPPRESSED, actor=by, at=at, details={"cancelled": cancelled}, lines=(line,))


def ask_removal(earlier: Removal | None, new: int, by: str, why: str, at: datetime) -> Removal:
    """The first person wants the number off the list; `new` is the id of the new removal.

    Raises:
        Refused: an earlier removal of this number still waits, or they do not say why.
    """
    if earlier is not None and earlier.holds(at):
        raise Refused(
            f"{named(earlier.asked_by)} has asked for that already."
            f" Another approver has to type {agrees('<number>', earlier.id)}"
        )
    if not why:
        raise Refused(f"Say why after the number, for everybody to read: {command('unstop <number> <why>')}")
    return Removal(new, by, at, why)


def agree(earlier: Removal | None, removal: int, by: str, at: datetime) -> Removal:
    """The removal that this second person agrees to; `removal` is the id that their command names.

    Raises:
        Refused: it is no longer waiting.
        NotAllowed: they asked for it.
    """
    if earlier is None or earlier.id != removal or not earlier.holds(at):
        raise Refused(
            f"Removal {removal} is no longer waiting for a second person."
            f" To ask for one, type {command('unstop <number> <why>')}"
        )
    if earlier.asked_by == by:
        raise NotAllowed("You asked for this removal, so another approver has to agree.")
    return earlier


def agrees(number: str, removal: int) -> str:
    """What another approver types to agree that the number comes off the list."""
    return command(f"unstop {number} agree {removal}")
