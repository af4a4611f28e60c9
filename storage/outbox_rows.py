"""Adds what Slack is to be told, inside the transaction of what happened."""

from __future__ import annotations

import json
from datetime import datetime

from sqlite_utils import Database

from bot.domain.move import Line
from storage.rows import to_column

PENDING = "sent_at IS NULL AND dead_at IS NULL"
"""What Slack is still to be told; the condition of the outbox's partial indexes."""


def add(db: Database, request_id: str, kind: str, at: datetime, line: Line | None = None) -> None:
    """Put one row into the outbox."""
    line = line or Line("")
    data = json.dumps(dict(line.data), ensure_ascii=False)
    db.execute(
        "INSERT INTO outbox (call_request_id, kind, name, data, created_at, due_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [request_id, kind, line.name, data, to_column(at), to_column(at)],
    )
