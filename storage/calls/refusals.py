"""Submissions that the rules refused: an audit event each, with nothing in it that was typed."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlite_utils import Database

from bot.domain.call_request import CallRequest, EarlierRefusal
from bot.domain.events import Event
from storage.calls import moves
from storage.record.number_hashes import NumberHashes
from storage.rows import to_column

TOLD_FOR = timedelta(hours=24)
"""How long a later request to the number tells of it: somebody may ask again as something else."""

_MAX_TOLD = 5
_RECENT = (
    "SELECT actor, at, details FROM audit_events WHERE event = 'refused'"
    " AND json_extract(details, '$.number') = ? AND at > ? ORDER BY at DESC LIMIT ?"
)


def record(db: Database, request: CallRequest, rules: tuple[str, ...]) -> None:
    """Record that this was asked for and refused by these rules, in the caller's transaction."""
    details = {
        "rules": list(rules),
        "purpose": request.purpose.value,
        "number": NumberHashes(db).of(request.to_number),
    }
    moves.record(db, None, Event.REFUSED, request.requester, request.created_at, None, None, details)


def recent(db: Database, request: CallRequest) -> tuple[EarlierRefusal, ...]:
    """What was refused for the number of a new request in the last `TOLD_FOR`, by anybody; oldest first."""
    number, since = NumberHashes(db).of(request.to_number), to_column(request.created_at - TOLD_FOR)
    found = [(by, at, json.loads(text)) for by, at, text in db.execute(_RECENT, [number, since, _MAX_TOLD])]
    return tuple(
        EarlierRefusal(by=by, at=at, purpose=said["purpose"], rules=said["rules"])
        for by, at, said in reversed(found)
    )
