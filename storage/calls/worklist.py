"""What an operator looks at: the newest calls, what Slack refused, calls that wait for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.domain.call_request import CallRequest
from bot.domain.call_status import SILENT
from storage.outbox import outbox_rows
from storage.rows import to_column, to_request


@dataclass(frozen=True)
class DeadLetter:
    """Something that Slack refused for good, and its error code. `at` is ISO 8601."""

    request: str | None
    kind: str
    error: str
    at: str


def dead_letters(db: Database) -> list[DeadLetter]:
    """All of them, newest first."""
    sql = (
        "SELECT call_request_id, kind, error, dead_at FROM outbox WHERE dead_at IS NOT NULL ORDER BY id DESC"
    )
    return [DeadLetter(*row) for row in db.execute(sql)]


def newest(db: Database, limit: int) -> list[CallRequest]:
    """The newest requests, newest first."""
    return [
        to_request(row) for row in db.table("call_requests").rows_where(order_by="rowid DESC", limit=limit)
    ]


def unconfirmed(db: Database) -> list[str]:
    """The ids of the calls that may have rung, oldest first."""
    sql = "SELECT id FROM call_requests WHERE status = 'unconfirmed' ORDER BY created_at"
    return [row[0] for row in db.execute(sql)]


def silent(db: Database) -> list[str]:
    """The ids of the placed calls of which the provider says nothing, oldest first."""
    sql = "SELECT id FROM call_requests WHERE status = 'placed' AND call_status = ? ORDER BY placed_at"
    return [row[0] for row in db.execute(sql, [SILENT])]


def obstructed(db: Database) -> list[str]:
    """What waits for a channel that is closed to us: a line for each channel, with its code and how many."""
    sql = (
        "SELECT coalesce(o.channel, r.channel) AS channel, o.error, count(*) FROM outbox o"
        " LEFT JOIN call_requests r ON r.id = o.call_request_id"
        f" WHERE {outbox_rows.PENDING} AND o.error LIKE ? GROUP BY 1, 2 ORDER BY 1, 2"
    )
    found = db.execute(sql, [f"{outbox_rows.OBSTRUCTED}%"])
    return [
        f"{channel}  {error.removeprefix(outbox_rows.OBSTRUCTED)}  {count}" for channel, error, count in found
    ]


def approved(db: Database) -> int:
    """How many calls wait to be dialed."""
    return db.table("call_requests").count_where("status = 'approved'")


def due_since(db: Database, at: datetime) -> list[str]:
    """The ids of the approved calls that should have been dialed before that time, oldest first."""
    sql = "SELECT id FROM call_requests WHERE status = 'approved' AND dial_after < ? ORDER BY dial_after"
    return [row[0] for row in db.execute(sql, [to_column(at)])]
