"""Finds what has been kept long enough, and deletes it a few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlite_utils

from bot.domain.ask import Purpose
from bot.domain.call_request import CallRequest
from bot.domain.events import Event
from bot.domain.move import CALLGATE
from bot.domain.policy.record_keeping import FROM_LAST_ACTIVITY, Keeping
from storage import installation
from storage.calls import moves
from storage.database.threads import Database
from storage.outbox.outbox_rows import PENDING
from storage.retention.forgetting import clear_traces, forget_request
from storage.rows import to_column, to_request, to_time

MAX_AT_ONCE = 100
"""Rows of each kind that one transaction changes."""

# A request of which Slack is still to be told something keeps it until that is told.
_REQUESTS = f"""
    SELECT {{what}} FROM call_requests r
    WHERE forgotten_at IS NULL AND finished_at IS NOT NULL
    AND purpose = :purpose AND (attempts > 0) = :dialed AND finished_at <= :before
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE call_request_id = r.id AND {PENDING})
"""
_ACTIVE_SINCE = """
    AND NOT EXISTS (
        SELECT 1 FROM call_requests later WHERE later.to_number = r.to_number AND later.purpose = r.purpose
        AND later.attempts > 0 AND (later.finished_at IS NULL OR later.finished_at > :before))
"""
_MESSAGES = """
    SELECT {what} FROM outbox o
    WHERE data <> '{{}}' AND coalesce(sent_at, dead_at) IS NOT NULL AND coalesce(sent_at, dead_at) <= :before
    AND NOT EXISTS (SELECT 1 FROM call_requests WHERE id = o.call_request_id AND finished_at IS NULL)
"""
_LAST_ACTIVITY = (
    "SELECT max(finished_at) FROM call_requests WHERE to_number = ? AND purpose = ? AND attempts > 0"
)


@dataclass(frozen=True)
class Purged:
    """How many requests lost their details, and how many told messages their text."""

    requests: int = 0
    messages: int = 0

    def __bool__(self) -> bool:
        return self.requests > 0 or self.messages > 0

    def __add__(self, other: Purged) -> Purged:
        return Purged(self.requests + other.requests, self.messages + other.messages)


def purge_some(db: sqlite_utils.Database, keeping: Keeping, actor: str, at: datetime) -> Purged:
    """Delete the first rows of what is due, and record how many; false when nothing was."""
    messages = _blank_messages(db, keeping, at)
    purged = Purged(_forget_requests(db, keeping, actor, at), messages)
    if purged:
        moves.record(db, None, Event.PURGED, actor, at, None, None, vars(purged))
    return purged


def due(db: sqlite_utils.Database, keeping: Keeping, at: datetime) -> Purged:
    """How much is due."""
    requests = sum(_count(db, sql, values) for sql, values in _due_requests(keeping, at))
    return Purged(requests, _count(db, _MESSAGES, _due_messages(keeping, at)))


def last_activity(db: sqlite_utils.Database, request: CallRequest) -> datetime | None:
    """When the last finished call to the request's number for its purpose ended."""
    row = db.execute(_LAST_ACTIVITY, [request.to_number, request.purpose.value]).fetchone()
    return to_time(row[0])


class Purges:
    """What was deleted, and when that was done last."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path

    async def last(self) -> datetime | None:
        """When it was last done; None where it never was."""

        def look(db: sqlite_utils.Database) -> datetime | None:
            return to_time(installation.read(db, installation.PURGED_AT))

        return await self._database.read(look)

    async def some(self, keeping: Keeping, at: datetime) -> Purged:
        """Delete the first rows of what is due; false when nothing was."""
        return await self._database.write(lambda db: purge_some(db, keeping, CALLGATE, at))

    async def finish(self, at: datetime) -> None:
        """Let nothing of it stay behind in the file, and remember that it was done."""
        await self._database.maintain(lambda db: clear_traces(db, self._path))
        done = str(to_column(at))
        await self._database.write(lambda db: installation.write(db, installation.PURGED_AT, done))


def _forget_requests(db: sqlite_utils.Database, keeping: Keeping, actor: str, at: datetime) -> int:
    found: list[CallRequest] = []
    for sql, values in _due_requests(keeping, at):
        limit = f"{sql.format(what='*')} LIMIT {MAX_AT_ONCE - len(found)}"
        found += [to_request(row) for row in db.query(limit, values)]
    for request in found:
        forget_request(db, request, actor, at)
    return len(found)


def _blank_messages(db: sqlite_utils.Database, keeping: Keeping, at: datetime) -> int:
    told = f"{_MESSAGES.format(what='id')} LIMIT {MAX_AT_ONCE}"
    blank = f"UPDATE outbox SET data = '{{}}' WHERE id IN ({told})"
    return db.execute(blank, _due_messages(keeping, at)).rowcount


def _due_requests(keeping: Keeping, at: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """One query for each purpose, for calls that were dialed and that were not."""
    for purpose in Purpose:
        for dialed in (False, True):
            before = to_column(at - keeping.period(purpose, dialed=dialed))
            values = {"purpose": purpose.value, "dialed": dialed, "before": before}
            yield _REQUESTS + (_ACTIVE_SINCE if dialed and purpose in FROM_LAST_ACTIVITY else ""), values


def _due_messages(keeping: Keeping, at: datetime) -> dict[str, Any]:
    return {"before": to_column(at - keeping.messages)}


def _count(db: sqlite_utils.Database, sql: str, values: dict[str, Any]) -> int:
    (count,) = db.execute(sql.format(what="count(*)"), values).fetchone()
    return int(count)
