"""Reads what the dialing policy asks the database about, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from bot.domain.call_request import AlsoOpen, CallRequest, OpenRequest
from bot.domain.policy.records import LOOK_BACK, Records
from storage.rows import to_column, to_time
from storage.safeguards import freezes, suppressions

# An attempt without an answer may be ringing at this moment.
_ATTEMPTS = """
    SELECT a.started_at, r.purpose FROM call_requests r JOIN dial_attempts a ON a.call_request_id = r.id
    WHERE r.to_number = ? AND a.started_at > ?
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
_MAX_NAMED = 3
"""As many are named; of the others, how many there are."""


def load(db: Database, request: CallRequest, at: datetime) -> Records:
    """The records of the request's number: for its purpose, and when it was called last for any."""
    since = to_column(at - LOOK_BACK)
    rows = db.execute(_ATTEMPTS, [request.to_number, since]).fetchall()
    attempts = [(datetime.fromisoformat(started), purpose) for started, purpose in rows]
    about = [request.to_number, request.purpose.value]
    (success,) = db.execute(_LAST_SUCCESS, about).fetchone()
    return Records(
        suppressed=suppressions.is_suppressed(db, request.to_number),
        attempts=tuple(started for started, purpose in attempts if purpose == request.purpose),
        last_success=to_time(success),
        last_attempt=max((started for started, _ in attempts), default=None),
        frozen=freezes.is_frozen(db),
        also_open=_also_open(db, request),
    )


def _also_open(db: Database, request: CallRequest) -> AlsoOpen | None:
    rows = db.execute(_OPEN, [request.to_number, request.id, _MAX_NAMED]).fetchall()
    if not rows:
        return None
    oldest = tuple(OpenRequest(id=id_, requester=by, status=status) for id_, by, status, _ in rows)
    return AlsoOpen(oldest=oldest, more=rows[0][-1] - len(rows))
