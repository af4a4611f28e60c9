"""Everything that is stored about one call request, read as it stood at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from bot.domain.audit_event import AuditEvent
from bot.domain.call_request import CallRequest
from bot.domain.errors import Refused
from bot.domain.events import Event
from storage import installation
from storage.calls import moves
from storage.record import audit_events

Row = dict[str, Any]

_ATTEMPTS = (
    "SELECT started_at, payload_sha256, answered_at, conclusion, http_status, message, call_sid,"
    " correlation_id, answer FROM dial_attempts WHERE call_request_id = ? ORDER BY id"
)
_MESSAGES = (
    "SELECT kind, channel, sent_at, message_ts FROM outbox WHERE call_request_id = ?"
    " AND sent_at IS NOT NULL AND message_ts IS NOT NULL AND kind <> 'card_copy' ORDER BY id"
)
_POLICIES = "SELECT name, sha256, adopted_at, policy FROM policies ORDER BY id LIMIT ?"
_CHAIN = "SELECT id, previous_sha256, sha256 FROM audit_events WHERE id >= ? ORDER BY id"


@dataclass(frozen=True)
class StoredEvidence:
    """A request with its dial attempts, what Slack was told, its audit events and the policies until then.

    `policy_events` are the audit events that say which policies those are. `workspace_url` is None where the
    bot has not been started since it is remembered.
    """

    request: CallRequest
    attempts: tuple[Row, ...]
    messages: tuple[Row, ...]
    events: tuple[AuditEvent, ...]
    policy_events: tuple[AuditEvent, ...]
    policies: tuple[Row, ...]
    workspace_url: str | None


def load(db: Database, request_id: str) -> StoredEvidence:
    """Read it. Raises Refused where there is no such request."""
    request = moves.load(db, request_id)
    if request is None:
        raise Refused(f"There is no call request {request_id} in this database. Look at `callgate calls`.")
    events = tuple(audit_events.events_of(db, request_id))
    policy_events = tuple(audit_events.events_of_policies(db, events[-1].id))
    adopted = sum(event.event == Event.POLICY_CHANGED for event in policy_events)
    return StoredEvidence(
        request,
        tuple(db.query(_ATTEMPTS, [request_id])),
        tuple(db.query(_MESSAGES, [request_id])),
        events,
        policy_events,
        tuple(db.query(_POLICIES, [adopted])),
        installation.read(db, installation.WORKSPACE_URL),
    )


def chain(db: Database, first: int) -> Iterator[Row]:
    """Number and hashes of every event from that one to the head, of whichever request."""
    return db.query(_CHAIN, [first])
