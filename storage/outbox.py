"""The outbox: what Slack is still to be told, what it was told, and what it refused for good."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.domain.call_request import CallRequest
from bot.domain.move import Line
from storage import outbox_rows
from storage.database import Database
from storage.rows import to_column, to_request, to_time


@dataclass(frozen=True)
class Letter:
    """One row of the outbox. `kind` is card, card_copy, thread or direct."""

    id: int
    call_request_id: str
    kind: str
    name: str
    data: Mapping[str, Any]
    due_at: datetime
    tries: int


class Outbox:
    """The outbox in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pending(self, limit: int) -> list[Letter]:
        """What is not sent yet, oldest first."""
        sql = "SELECT * FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL ORDER BY id LIMIT ?"
        return await self._database.read(lambda db: [_letter(row) for row in db.query(sql, [limit])])

    async def card(self, request_id: str) -> tuple[CallRequest, str | None]:
        """The request whose card is to be shown, and the fingerprint of the card shown last."""
        sql = "SELECT * FROM call_requests WHERE id = ?"

        def work(db: sqlite_utils.Database) -> tuple[CallRequest, str | None]:
            row = next(db.query(sql, [request_id]))
            return to_request(row), row["card_sha256"]

        return await self._database.read(work)

    async def card_shown(self, letter: Letter, ts: str, card_sha256: str, at: datetime) -> None:
        """The card stands as of now: this letter and every earlier one about it are done."""

        def work(db: sqlite_utils.Database) -> None:
            db.execute(
                "UPDATE call_requests SET card_ts = ?, card_sha256 = ? WHERE id = ?",
                [ts, card_sha256, letter.call_request_id],
            )
            db.execute(
                "UPDATE outbox SET sent_at = ?, message_ts = ? WHERE call_request_id = ? AND kind = 'card'"
                " AND id <= ? AND sent_at IS NULL AND dead_at IS NULL",
                [to_column(at), ts, letter.call_request_id, letter.id],
            )

        await self._database.write(work)

    async def sent(self, letter: Letter, ts: str, at: datetime) -> None:
        """Slack has it."""
        sql = "UPDATE outbox SET sent_at = ?, message_ts = ? WHERE id = ?"
        await self._database.write(lambda db: db.execute(sql, [to_column(at), ts, letter.id]))

    async def retry(self, letter: Letter, due_at: datetime, error: str) -> None:
        """Slack did not take it this time."""
        sql = "UPDATE outbox SET due_at = ?, tries = tries + 1, error = ? WHERE id = ?"
        await self._database.write(lambda db: db.execute(sql, [to_column(due_at), error, letter.id]))

    async def dead(self, letter: Letter, error: str, at: datetime) -> None:
        """Slack refused it for good. Without its card a request has no thread, so the requester is told."""

        def work(db: sqlite_utils.Database) -> None:
            db.execute(
                "UPDATE outbox SET dead_at = ?, tries = tries + 1, error = ? WHERE id = ?",
                [to_column(at), error, letter.id],
            )
            if letter.kind == "card":
                line = Line("card_refused", {"error": error})
                outbox_rows.add(db, letter.call_request_id, "direct", at, line)

        await self._database.write(work)

    async def dead_count(self) -> int:
        """How many letters Slack refused for good."""
        sql = "SELECT count(*) AS dead FROM outbox WHERE dead_at IS NOT NULL"
        return await self._database.read(lambda db: int(next(db.query(sql))["dead"]))


def _letter(row: Mapping[str, Any]) -> Letter:
    due_at = to_time(row["due_at"])
    assert due_at is not None  # noqa: S101 - the column is NOT NULL
    return Letter(
        id=row["id"],
        call_request_id=row["call_request_id"],
        kind=row["kind"],
        name=row["name"],
        data=json.loads(row["data"]),
        due_at=due_at,
        tries=row["tries"],
    )
