"""The outbox: what Slack is still to be told, what it was told, and what it refused for good."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.domain.call_request import ShownRequest
from bot.domain.events import Event
from bot.domain.move import CALLGATE, Line
from storage.calls import moves
from storage.database.threads import Database
from storage.outbox import outbox_rows
from storage.rows import to_column, to_request
from storage.safeguards import freezes

MAX_LINES = 10
"""Lines of a thread that go into one message."""

MAX_IN_LANE = 25
"""Items of one lane that are looked at; no fewer than Slack's limits let through at once."""

# A lane is what Slack counts together. In each, what is due comes first; then what people wait for: a
# card to decide on, how a call ended or that nobody knows whether a phone rings, and the rest by age.
# Lines wait for the card they hang on. New cards take turns between those who asked for them, so that one
# person's many hold up nobody else's: first everybody's first, and of these the one of whoever had a card
# posted longest ago.
_PENDING = f"""
    WITH items AS (
        SELECT o.call_request_id, o.kind, min(o.id) AS first_id, max(o.id) AS last_id,
            max(o.due_at) AS due_at, max(o.tries) AS tries, min(o.created_at) AS since,
            coalesce(o.channel, r.channel) AS channel,
            r.requester, r.card_ts, o.kind = 'card' AND r.card_ts IS NULL AS is_new,
            r.finished_at IS NOT NULL OR r.status = 'unconfirmed' AS awaited
        FROM outbox o LEFT JOIN call_requests r ON r.id = o.call_request_id
        WHERE {outbox_rows.PENDING}
        GROUP BY o.call_request_id, o.kind,
            CASE WHEN o.channel IS NULL AND o.kind IN ('card', 'thread', 'channel') THEN 0 ELSE o.id END
    ), lanes AS (
        SELECT *, CASE WHEN kind = 'card_copy' OR (kind = 'card' AND card_ts IS NOT NULL) THEN 'edit'
            WHEN kind = 'direct' THEN 'post ' || requester ELSE 'post ' || channel END AS lane
        FROM items p
        WHERE NOT (kind = 'thread' AND card_ts IS NULL AND EXISTS (
            SELECT 1 FROM outbox o WHERE o.call_request_id = p.call_request_id AND o.kind = 'card'
            AND {outbox_rows.PENDING}))
    ), turns AS (
        SELECT *, CASE WHEN is_new THEN row_number() OVER (
            PARTITION BY lane, is_new, requester ORDER BY due_at > :now, first_id) ELSE 1 END AS turn
        FROM lanes
    ), queues AS (
        SELECT *, row_number() OVER (PARTITION BY lane ORDER BY due_at > :now,
            CASE WHEN is_new THEN 0 WHEN awaited THEN 1 ELSE 2 END,
            turn, CASE WHEN is_new AND turn = 1 THEN (
                SELECT max(e.card_ts) FROM call_requests e
                WHERE e.requester = turns.requester AND e.card_ts IS NOT NULL) END,
            first_id) AS place
        FROM turns
    )
    SELECT * FROM queues WHERE place <= {MAX_IN_LANE} ORDER BY place
"""
_SHOWN = (
    f"SELECT *, NOT {freezes.NOT_FROZEN} AS dialing_frozen,"
    " (SELECT added_by FROM suppressions WHERE number = to_number) AS suppressed_by"
    " FROM call_requests WHERE id = ?"
)
_OF_ITEM = (
    f"call_request_id IS :call_request_id AND kind = :kind AND id BETWEEN :first_id AND :last_id"
    f" AND {outbox_rows.PENDING}"
)


@dataclass(frozen=True)
class OutboxItem:
    """What is pending of one kind about one request: rows of the outbox from the first id to the last.

    `kind` is card, card_copy, thread, direct or channel. Cards are one item, for only the newest
    matters, and so are the lines of a thread or to a channel, for they go out together and in order.
    What a channel is told that is about no request is an item of its own; it has no requester either.
    """

    call_request_id: str | None
    kind: str
    first_id: int
    last_id: int
    due_at: datetime
    since: datetime
    tries: int
    channel: str
    requester: str | None
    card_ts: str | None
    lane: str


@dataclass(frozen=True)
class ItemDetails:
    """What an item is about: the request as it stands, the card shown last, the lines to say.

    An item of many lines is opened a few at a time; `last_id` is the last of these.
    """

    request: ShownRequest | None
    card_sha256: str | None
    lines: tuple[Line, ...]
    last_id: int


class Outbox:
    """The outbox in SQLite. What Slack has done or said is written surely, however long that takes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pending(self, at: datetime) -> list[OutboxItem]:
        """What is not sent yet: the first of every lane, in the order in which it may be sent."""
        now = {"now": to_column(at)}
        return await self._database.read(lambda db: [_item(row) for row in db.query(_PENDING, now)])

    async def details(self, item: OutboxItem) -> ItemDetails | None:
        """What is in the item, as of now; None where all of it has been sent meanwhile."""
        lines = f"SELECT id, name, data FROM outbox WHERE {_OF_ITEM} ORDER BY id LIMIT {MAX_LINES}"

        def work(db: sqlite_utils.Database) -> ItemDetails | None:
            row = next(db.query(_SHOWN, [item.call_request_id]), None)
            found = list(db.query(lines, _ids(item)))
            if not found:
                return None
            said = tuple(Line(line["name"], json.loads(line["data"])) for line in found)
            if row is None:
                return ItemDetails(None, None, said, found[-1]["id"])
            return ItemDetails(_shown(row), row["card_sha256"], said, found[-1]["id"])

        return await self._database.read(work)

    async def card_shown(self, item: OutboxItem, ts: str, card_sha256: str, at: datetime) -> None:
        """The card stands as of now: everything in the item about it is done."""
        card = "UPDATE call_requests SET card_ts = ?, card_sha256 = ? WHERE id = ?"

        def work(db: sqlite_utils.Database) -> None:
            db.execute(card, [ts, card_sha256, item.call_request_id])
            _mark_sent(db, item, ts, at)

        await self._database.write_surely(work)

    async def sent(self, item: OutboxItem, ts: str, at: datetime) -> None:
        """Slack has it; `ts` is empty where it keeps no message of it."""
        await self._database.write_surely(lambda db: _mark_sent(db, item, ts, at))

    async def retry(self, item: OutboxItem, due_at: datetime, error: str) -> None:
        """Slack did not take it this time."""
        sql = f"UPDATE outbox SET due_at = :due_at, tries = tries + 1, error = :error WHERE {_OF_ITEM}"
        values = {**_ids(item), "due_at": to_column(due_at), "error": error}
        await self._database.write_surely(lambda db: db.execute(sql, values))

    async def obstructed(
        self, item: OutboxItem, due_at: datetime, code: str, at: datetime, approvals_channel: str | None
    ) -> None:
        """The channel takes nothing as it is now. What is new in the item is told in other ways, once.

        That is the requester, directly, and the approvals channel where that is another one.
        """
        error = f"{outbox_rows.OBSTRUCTED}{code}"
        rows = f"SELECT name, data FROM outbox WHERE {_OF_ITEM} AND coalesce(error, '') NOT LIKE :told"
        sql = f"UPDATE outbox SET due_at = :due_at, tries = tries + 1, error = :error WHERE {_OF_ITEM}"

        def work(db: sqlite_utils.Database) -> None:
            new = list(db.query(rows, {**_ids(item), "told": f"{outbox_rows.OBSTRUCTED}%"}))
            db.execute(sql, {**_ids(item), "due_at": to_column(due_at), "error": error})
            is_new_card = item.kind == "card" and item.card_ts is None
            if item.call_request_id is None or not (item.kind == "thread" or is_new_card):
                return
            for row in new[:MAX_LINES]:
                said = {"line": row["name"], "data": json.loads(row["data"]), "code": code}
                line = Line("elsewhere", {**said, "channel": item.channel, "request": item.call_request_id})
                outbox_rows.add(db, item.call_request_id, "direct", at, line)
                if approvals_channel not in (None, item.channel):
                    outbox_rows.add_to_channel(db, approvals_channel, at, line)

        await self._database.write_surely(work)

    async def card_gone(self, item: OutboxItem, at: datetime) -> None:
        """Somebody deleted the request's card, or it can't be edited any more: it is posted anew."""
        sql = "UPDATE call_requests SET card_ts = NULL, card_sha256 = NULL WHERE id = ? AND card_ts = ?"

        def work(db: sqlite_utils.Database) -> None:
            assert item.call_request_id is not None  # noqa: S101 - cards and threads are of a request
            db.execute(sql, [item.call_request_id, item.card_ts])
            outbox_rows.add(db, item.call_request_id, "card", at)

        await self._database.write_surely(work)

    async def dead(self, item: OutboxItem, error: str, at: datetime) -> None:
        """Slack refused it for good. Without its card a request has no thread, so the requester is told."""
        sql = f"UPDATE outbox SET dead_at = :at, tries = tries + 1, error = :error WHERE {_OF_ITEM}"

        def work(db: sqlite_utils.Database) -> None:
            db.execute(sql, {**_ids(item), "at": to_column(at), "error": error})
            if item.call_request_id and item.kind == "card" and item.card_ts is None:
                line = Line("card_refused", {"error": error})
                outbox_rows.add(db, item.call_request_id, "direct", at, line)

        await self._database.write_surely(work)


def _shown(row: Mapping[str, Any]) -> ShownRequest:
    frozen, by = bool(row["dialing_frozen"]), row["suppressed_by"]
    return ShownRequest(**dict(to_request(row)), dialing_frozen=frozen, suppressed_by=by)


def _mark_sent(db: sqlite_utils.Database, item: OutboxItem, ts: str, at: datetime) -> None:
    sql = f"UPDATE outbox SET sent_at = :at, message_ts = :ts WHERE {_OF_ITEM}"
    db.execute(sql, {**_ids(item), "at": to_column(at), "ts": ts or None})
    posted = item.kind not in {"card", "card_copy"} or (item.card_ts is None and item.kind == "card")
    if item.call_request_id is not None and posted and ts:
        details = {"kind": item.kind, "channel": item.channel, "ts": ts}
        moves.note(db, item.call_request_id, Event.TOLD, CALLGATE, at, details)


def _ids(item: OutboxItem) -> dict[str, Any]:
    return {
        "call_request_id": item.call_request_id,
        "kind": item.kind,
        "first_id": item.first_id,
        "last_id": item.last_id,
    }


def _item(row: Mapping[str, Any]) -> OutboxItem:
    fields = {name: row[name] for name in OutboxItem.__dataclass_fields__}
    times = {name: datetime.fromisoformat(row[name]) for name in ("due_at", "since")}
    return OutboxItem(**{**fields, **times})
