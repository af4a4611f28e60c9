"""Applies a move: the guarded transition, its audit event, its dial attempt and what Slack is told.

All of it runs inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot import crash_points
from bot.domain.approval import recorded, too_late
from bot.domain.call_request import CallRequest, sha256_of
from bot.domain.errors import Refused
from bot.domain.events import Event
from bot.domain.fingerprint import state_sha256, submission_sha256
from bot.domain.move import CloseAttempt, Line, Move, OpenAttempt
from bot.domain.states import TRANSITIONS, Status
from storage.calls import dialing_hold
from storage.outbox import outbox_rows
from storage.record import audit_events
from storage.rows import to_column, to_json, to_request, to_row

_DUE_NOW = f"UPDATE outbox SET due_at = ? WHERE call_request_id = ? AND {outbox_rows.PENDING}"


def load(db: Database, request_id: str) -> CallRequest | None:
    """The request as it stands."""
    row = next(db.query("SELECT * FROM call_requests WHERE id = ?", [request_id]), None)
    return None if row is None else to_request(row)


def find(db: Database, request_id: str) -> CallRequest:
    """The request as it stands. Raises Refused where there is none."""
    request = load(db, request_id)
    if request is None:
        raise Refused("There is no such call request here. It may belong to another installation.")
    return request


def insert(db: Database, request: CallRequest) -> None:
    """A new request, its audit event and its card."""
    row = to_row(request)
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    db.execute(f"INSERT INTO call_requests ({names}) VALUES ({marks})", list(row.values()))
    decision = {} if request.decision is None else recorded(request.decision)
    prints = {
        "payload_sha256": request.payload_sha256,
        "submission_sha256": submission_sha256(request),
        "state_sha256": state_sha256(request),
    }
    details = {**prints, **decision}
    record(
        db, request.id, Event.SUBMITTED, request.requester, request.created_at, None, request.status, details
    )
    outbox_rows.add(db, request.id, "card", request.created_at)
    if request.channel != request.origin_channel:
        outbox_rows.add(db, request.id, "direct", request.created_at, Line("submitted"))


def apply(db: Database, request: CallRequest, move: Move) -> int:
    """Make the move; returns the number of its audit event.

    Raises:
        TooLate: the request has changed since it was read.
        ValueError: the state table has no such way.
    """
    if move.to is not None and move.to not in TRANSITIONS[request.status]:
        raise ValueError(f"no way from {request.status} to {move.to}")
    after = move.made_of(request)
    update(db, request, {"status": after.status, **move.changes})
    details = {**move.details, "state_sha256": state_sha256(after)}
    if (reason := move.changes.get("end_reason")) is not None:
        # A hash of its own: the reason is personal, and can be deleted.
        details["end_reason_sha256"] = sha256_of(reason.encode())
    event = record(db, request.id, move.event, move.actor, move.at, request.status, after.status, details)
    _attempt(db, request, move)
    for line in move.lines:
        outbox_rows.add(db, request.id, "thread", move.at, line)
    if move.redraws:
        redraw(db, request.id, move.at)
    else:
        outbox_rows.add(db, request.id, "card", move.at)
    return event


def redraw(db: Database, request_id: str, at: datetime) -> None:
    """Send the card again, whatever Slack is believed to show, and at once what waits for its channel."""
    db.execute("UPDATE call_requests SET card_sha256 = NULL WHERE id = ?", [request_id])
    db.execute(_DUE_NOW, [to_column(at), request_id])
    outbox_rows.add(db, request_id, "card", at)


def update(db: Database, request: CallRequest, changes: Mapping[str, Any]) -> None:
    """Change these fields, if the request still stands as it was read. Raises TooLate where it does not."""
    sets = ", ".join(f"{column} = ?" for column in changes)
    values = [to_column(value) for value in changes.values()]
    cursor = db.execute(
        f"UPDATE call_requests SET {sets} WHERE id = ? AND status = ?",
        [*values, request.id, request.status.value],
    )
    if cursor.rowcount != 1:
        raise too_late(request)


def record(
    db: Database,
    request_id: str | None,
    event: Event,
    actor: str,
    at: datetime,
    before: Status | None,
    after: Status | None,
    details: Mapping[str, Any],
) -> int:
    """Add an audit event, of a request or of what is about none, and return its number."""
    crash_points.writes(event)
    told = {
        "call_request_id": request_id,
        "at": to_column(at),
        "actor": actor,
        "event": event.value,
        "status_before": None if before is None else before.value,
        "status_after": None if after is None else after.value,
        "details": to_json(details),
    }
    return audit_events.append(db, told)


def note(
    db: Database,
    request_id: str,
    event: Event,
    actor: str,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add an audit event of a request that changes nothing of what it stands for."""
    (status,) = db.execute("SELECT status FROM call_requests WHERE id = ?", [request_id]).fetchone()
    record(db, request_id, event, actor, at, Status(status), Status(status), details or {})


def _attempt(db: Database, request: CallRequest, move: Move) -> None:
    match move.attempt:
        case OpenAttempt():
            db.execute(
                "INSERT INTO dial_attempts (call_request_id, started_at, payload_sha256) VALUES (?, ?, ?)",
                [request.id, to_column(move.at), request.approved_sha256],
            )
        case CloseAttempt(answer):
            db.execute(
                "UPDATE dial_attempts SET answered_at = ?, conclusion = ?, http_status = ?, message = ?,"
                " call_sid = ?, correlation_id = ?, answer = ? WHERE id ="
                " (SELECT max(id) FROM dial_attempts WHERE call_request_id = ?)",
                [
                    to_column(move.at),
                    answer.conclusion.value,
                    answer.http_status,
                    answer.message,
                    answer.call_sid,
                    answer.correlation_id,
                    answer.body,
                    request.id,
                ],
            )
            dialing_hold.update(db, request.id, answer, move.at)
