"""While PolyAI refuses our access dialing is stopped, and a channel is told so once: then, and at the end.

The two items in the outbox are also the memory of it, so that a restart in between tells nothing twice.
"""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from bot.domain.answer import SHOWS_ACCESS, Answer, Conclusion
from bot.domain.move import Line
from storage.outbox import outbox_rows

STOPPED, GOES_ON = "dialing_stopped", "dialing_goes_on"

_LAST = (
    "SELECT call_request_id, name FROM outbox INDEXED BY outbox_to_channels WHERE kind = 'channel'"
    f" AND name IN ('{STOPPED}', '{GOES_ON}') ORDER BY id DESC LIMIT 1"
)


def is_held(db: Database) -> bool:
    """Whether dialing is stopped."""
    return _stopped_for(db) is not None


def update(db: Database, request_id: str, answer: Answer, at: datetime) -> None:
    """Tell the request's channel where this answer stops dialing, or resumes it."""
    stopped_for = _stopped_for(db)
    if stopped_for is None and answer.conclusion is Conclusion.HELD:
        outbox_rows.add(db, request_id, "channel", at, Line(STOPPED, {"reason": answer.message}))
    elif stopped_for is not None and answer.conclusion in SHOWS_ACCESS:
        outbox_rows.add(db, stopped_for, "channel", at, Line(GOES_ON))


def _stopped_for(db: Database) -> str | None:
    """The request whose channel was told that dialing stopped; None where it goes on."""
    last = next(db.query(_LAST), None)
    return last["call_request_id"] if last is not None and last["name"] == STOPPED else None
