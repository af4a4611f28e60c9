"""Adds what Slack is to be told, inside the transaction of what happened."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from bot.domain.move import Line
from bot.domain.suppression import WAITING
from storage.rows import to_column, to_json

OBSTRUCTED = "obstructed: "
"""How the error of what waits for a closed channel begins; Slack's code follows."""

PENDING = "sent_at IS NULL AND dead_at IS NULL"
"""What Slack is still to be told; the condition of the outbox's partial indexes."""


def add(db: Database, request_id: str, kind: str, at: datetime, line: Line | None = None) -> None:
    """Tell something about a request."""
    _insert(db, request_id, None, kind, at, line or Line(""))


def add_waiting_cards(db: Database, at: datetime) -> None:
    """Tell the card of every request that waits for its approval or its dial."""
    # Each status has an index of its own.
    each = [f"SELECT id FROM call_requests WHERE status = '{status}'" for status in WAITING]
    for (request_id,) in list(db.execute(" UNION ALL ".join(each))):
        add(db, request_id, "card", at)


def add_to_channel(db: Database, channel: str, at: datetime, line: Line) -> None:
    """Tell a channel something that is about no single request."""
    _insert(db, None, channel, "channel", at, line)


def _insert(
    db: Database, request_id: str | None, channel: str | None, kind: str, at: datetime, line: Line
) -> None:
    data = to_json(dict(line.data))
    db.execute(
        "INSERT INTO outbox (call_request_id, channel, kind, name, data, created_at, due_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [request_id, channel, kind, line.name, data, to_column(at), to_column(at)],
    )
