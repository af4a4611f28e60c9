"""Forgets one number: deletes what no rule of record-keeping needs, and says what is kept and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.domain.call_request import CallRequest
from bot.domain.errors import Refused
from bot.domain.events import Event
from bot.domain.policy.record_keeping import Keeping, needed_until
from storage.calls import moves
from storage.outbox.outbox_rows import PENDING
from storage.retention.forgetting import forget_request
from storage.retention.purge import last_activity
from storage.rows import to_request
from storage.safeguards import suppressions

_OF_NUMBER = "SELECT * FROM call_requests WHERE to_number = ? ORDER BY created_at, id"
_STILL_TOLD = f"SELECT 1 FROM outbox WHERE call_request_id = ? AND {PENDING}"


@dataclass(frozen=True)
class Forgotten:
    """What came of it: requests deleted, those kept with the end of their time, and the suppression list."""

    deleted: int
    kept: tuple[tuple[CallRequest, datetime], ...]
    suppressed: bool


def forget_number(db: Database, number: str, keeping: Keeping, actor: str, at: datetime) -> Forgotten:
    """Forget a number, in E.164, in the caller's transaction; the record has the counts and no number.

    Raises:
        Refused: a request to it is under way.
    """
    requests = [to_request(row) for row in db.query(_OF_NUMBER, [number])]
    _check_finished(db, requests)
    needed = [(request, needed_until(request, keeping, last_activity(db, request))) for request in requests]
    kept = tuple((request, until) for request, until in needed if until is not None and until > at)
    deleted = [request for request in requests if request not in [one for one, _ in kept]]
    for request in deleted:
        forget_request(db, request, actor, at)
    outcome = Forgotten(len(deleted), kept, suppressions.forget(db, number))
    counts = {"deleted": outcome.deleted, "kept": len(outcome.kept), "suppressed": outcome.suppressed}
    moves.record(db, None, Event.FORGOTTEN, actor, at, None, None, counts)
    return outcome


def _check_finished(db: Database, requests: list[CallRequest]) -> None:
    for request in requests:
        if request.finished_at is None:
            stands = request.status.value.replace("_", " ")
            raise Refused(
                f"{request.id} to this number is under way ({stands}). Cancel it, or wait until it has ended,"
                " then try again. Nothing was deleted."
            )
        if db.execute(_STILL_TOLD, [request.id]).fetchone():
            raise Refused(f"Slack is still to be told about {request.id}. Try again when it was.")
