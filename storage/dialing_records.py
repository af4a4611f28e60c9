"""Reads what the dialing policy asks the database about, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from bot.domain.call_request import AlsoOpen, CallRequest, OpenRequest
from bot.domain.policy.records import LOOK_BACK, Records
from storage import freezes, suppressions
from storage.rows import to_column, to_time

# An attempt without an answer may be ringing at this moment.
_ATTEMPTS = """
    SELECT a.started_at FROM call_requests r JOIN dial_attempts a ON a.call_request_id = r.id
    WHERE r.to_number = ? AND r.purpose = ? AND a.started_at > ?
        AND (a.conclusion IS NULL OR a.conclusion IN ('placed', 'unknown'))
"""
_LAST_SUCCESS = """
    SELECT max(finished_at) FROM call_requests
    WHERE to_number = ? AND purpose = ? AND status = 'succeeded'
"""
_OPEN = """
    SELECT id, requester, status, count(*) OVER () FROM call_requests
    WHERE to_number = ? AND id <> ? AND finished_at IS NULL ORDER BY created_at, id LIMIT ?
"""
_MOST_OPEN = 3
"""As many are named; of the others, how many there are."""


def load(db: Database, request: CallRequest, at: datetime) -> Records:
    """The records of the request's number, for its purpose."""
    about = [request.to_number, request.purpose.value]
    attempts = db.execute(_ATTEMPTS, [*about, to_column(at - LOOK_BACK)]).fetchall()
    (success,) = db.execute(_LAST_SUCCESS, about).fetchone()
    return Records(
        suppressed=suppressions.is_suppressed(db, request.to_number),
        attempts=tuple(datetime.fromisoformat(started) for (started,) in attempts),
        last_success=to_time(success),
        frozen=freezes.is_frozen(db),
        also_open=_also_open(db, request),
    )


def _also_open(db: Database, request: CallRequest) -> AlsoOpen | None:
    rows = db.execute(_OPEN, [request.to_number, request.id, _MOST_OPEN]).fetchall()
    if not rows:
        return None
    oldest = tuple(OpenRequest(id=id_, requester=by, status=status) for id_, by, status, _ in rows)
    return AlsoOpen(oldest=oldest, more=rows[0][-1] - len(rows))
