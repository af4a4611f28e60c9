"""Everything that is stored about one call request, read as it stood at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from bot.domain.call_request import CallRequest
from bot.domain.errors import Refused
from storage import audit_rows, installation_rows, moves
from storage.audit import AuditEvent

Row = dict[str, Any]

_ATTEMPTS = (
    "SELECT started_at, payload_sha256, answered_at, conclusion, http_status, message, call_sid,"
    " correlation_id, answer FROM dial_attempts WHERE call_request_id = ? ORDER BY id"
)
_LETTERS = (
    "SELECT kind, name, channel, sent_at, message_ts FROM outbox"
    " WHERE call_request_id = ? AND sent_at IS NOT NULL ORDER BY id"
)
_POLICIES = (
    "SELECT name, sha256, adopted_at, policy FROM policies"
    " WHERE adopted_at <= coalesce(?, adopted_at) ORDER BY id"
)
_CHAIN = "SELECT id, previous_sha256, sha256 FROM audit_events WHERE id >= ? ORDER BY id"


@dataclass(frozen=True)
class Case:
    """A request with its dial attempts, what Slack was told of it, its audit events and the policies then.

    `workspace_url` is None where the bot has not been started since it is remembered.
    """

    request: CallRequest
    attempts: tuple[Row, ...]
    letters: tuple[Row, ...]
    events: tuple[AuditEvent, ...]
    policies: tuple[Row, ...]
    workspace_url: str | None


def load(db: Database, request_id: str) -> Case:
    """Read it. Raises Refused where there is no such request."""
    request = moves.load(db, request_id)
    if request is None:
        raise Refused(f"There is no call request {request_id} in this database. Look at `callgate calls`.")
    return Case(
        request,
        tuple(db.query(_ATTEMPTS, [request_id])),
        tuple(db.query(_LETTERS, [request_id])),
        tuple(audit_rows.events_of(db, request_id)),
        tuple(db.query(_POLICIES, [_last_at(db, request_id)])),
        installation_rows.read(db, installation_rows.WORKSPACE_URL),
    )


def chain(db: Database, first: int) -> Iterator[Row]:
    """Number and hashes of every event from that one to the head, of whichever request."""
    return db.query(_CHAIN, [first])


def _last_at(db: Database, request_id: str) -> str | None:
    sql = "SELECT max(at) FROM audit_events WHERE call_request_id = ?"
    (at,) = db.execute(sql, [request_id]).fetchone()
    return None if at is None else str(at)
