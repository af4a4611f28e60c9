"""The store of call requests: every change is read, decided and written in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlite_utils

from bot.domain.audit_event import AuditEvent
from bot.domain.call_request import CallRequest
from bot.domain.call_status import CallInProgress
from bot.domain.errors import InvalidFields, Refused
from bot.domain.events import Event
from bot.domain.move import Line
from bot.domain.policy.dialing_policy import DialingPolicy
from bot.domain.policy.records import Records
from bot.domain.states import Status
from bot.service.ports import Admit, Decide
from storage.calls import dialing_hold, dialing_records, moves, refusals
from storage.database.threads import Database
from storage.outbox import outbox_rows
from storage.record import audit_events, policies
from storage.rows import to_column, to_request, to_time
from storage.safeguards import freezes

T = TypeVar("T")

_OF_FORM = "SELECT id FROM call_requests WHERE form_id = ?"

_WAITING_OF = "SELECT count(*) FROM call_requests WHERE status = 'pending_approval' AND requester = ?"


@dataclass(frozen=True)
class _OnRecord:
    db: sqlite_utils.Database
    request: CallRequest

    def records(self, at: datetime) -> Records:
        return dialing_records.load(self.db, self.request, at)

    def events(self) -> list[AuditEvent]:
        return list(audit_events.events_of(self.db, self.request.id))

    def waiting(self) -> int:
        return int(self.db.execute(_WAITING_OF, [self.request.requester]).fetchone()[0])


class SqliteCallStore:
    """Call requests in SQLite.

    `changed` is called, in the event loop, after every durable change, with the status that a request
    has then.
    """

    def __init__(self, database: Database, changed: Callable[[Status | None], None]) -> None:
        self._database = database
        self._changed = changed

    async def add(self, request: CallRequest, admit: Admit) -> CallRequest:
        """Store a new request; returns the earlier one where its form was submitted before.

        That the rules refused it is recorded before the refusal is raised.
        """

        def work(db: sqlite_utils.Database) -> CallRequest | Refused:
            earlier = db.execute(_OF_FORM, [request.form_id]).fetchone()
            if earlier is not None:
                return moves.find(db, earlier[0])
            asked = request.model_copy(update={"refused_before": refusals.recent(db, request) or None})
            try:
                admitted = admit(asked, _OnRecord(db, asked))
            except Refused as refusal:
                if refusal.rules:
                    refusals.record(db, asked, refusal.rules)
                return refusal
            moves.insert(db, admitted)
            return admitted

        stored = await self._write(work)
        if isinstance(stored, Refused):
            raise stored
        return stored

    async def refuse(self, request: CallRequest, rule: str) -> None:
        """Record that this was asked for, and that the rule refused it before the store was asked."""
        await self._database.write(lambda db: refusals.record(db, request, (rule,)))

    async def get(self, request_id: str) -> CallRequest:
        """The request. Raises Refused where there is none."""
        return await self._database.read(lambda db: moves.find(db, request_id))

    async def change(self, request_id: str, decide: Decide, *, surely: bool = False) -> CallRequest:
        """Read, decide and write in one transaction; returns the request as it stands then.

        `surely` is for what has happened outside already: it is tried again until it can be written.
        """

        def work(db: sqlite_utils.Database) -> CallRequest:
            request = moves.find(db, request_id)
            move = decide(request, _OnRecord(db, request))
            if move is None:
                return request
            moves.apply(db, request, move)
            return move.made_of(request)

        try:
            return await self._write(work, surely=surely)
        except sqlite3.IntegrityError as error:
            if "call_requests.call_sid" not in str(error):
                raise
            taken = "That call_sid belongs to another request. Look in PolyAI which of the two it is."
            raise InvalidFields({"call_sid": taken}) from None

    async def adopt(self, policy: DialingPolicy, at: datetime) -> None:
        """Record the policy that holds from now on, if it is not the one that held before."""
        await self._database.write(lambda db: policies.adopt(db, policy, at))

    async def note(self, request_id: str, event: Event, actor: str, at: datetime) -> None:
        """Record an audit event that changes nothing."""
        await self._database.write(lambda db: moves.note(db, request_id, event, actor, at))

    async def refresh_card(self, request_id: str, message_ts: str, at: datetime) -> None:
        """Have that message brought up to date: the request's card, whatever it shows, or a copy of it."""
        copy = Line("", {"message_ts": message_ts})

        def work(db: sqlite_utils.Database) -> None:
            card_ts = moves.find(db, request_id).card_ts
            if card_ts == message_ts:
                moves.redraw(db, request_id, at)
            elif card_ts is not None:
                outbox_rows.add(db, request_id, "card_copy", at, copy)

        await self._write(work)

    async def dialable(self, at: datetime, most: int) -> list[CallRequest]:
        """The oldest approved requests whose time to be dialed has come; none while dialing is frozen."""
        due = f"status = 'approved' AND dial_after <= ? AND {freezes.NOT_FROZEN} ORDER BY dial_after LIMIT ?"
        return await self._select(due, at, most)

    async def next_dial(self) -> datetime | None:
        """When the next approved request wants to be dialed; None while dialing is frozen."""
        waiting = f"FROM call_requests WHERE status = 'approved' AND {freezes.NOT_FROZEN}"
        sql = f"SELECT min(dial_after) AS at {waiting}"
        return await self._database.read(lambda db: to_time(next(db.query(sql))["at"]))

    async def dialing_is_held(self) -> bool:
        """Whether PolyAI refused our access the last time it said anything about it."""
        return await self._database.read(dialing_hold.is_held)

    async def dialing(self, lease_before: datetime | None = None) -> list[CallRequest]:
        """Requests with an open dial attempt; with `lease_before`, those whose lease ended before."""
        if lease_before is None:
            return await self._select("status = 'dialing'")
        return await self._select("status = 'dialing' AND lease_until < ?", lease_before)

    async def placed_since(self, at: datetime | None) -> list[CallInProgress]:
        """The calls in progress that were placed at that time or later, oldest first."""
        sql = (
            "SELECT id, call_sid, call_status, placed_at FROM call_requests"
            " WHERE status = 'placed' AND placed_at >= ? ORDER BY placed_at"
        )
        since = "" if at is None else to_column(at)
        return await self._database.read(
            lambda db: [
                CallInProgress(request_id, call_sid, call_status, datetime.fromisoformat(placed_at))
                for request_id, call_sid, call_status, placed_at in db.execute(sql, [since])
            ]
        )

    async def remindable(self, at: datetime) -> list[CallRequest]:
        """Requests whose approvers are to be reminded."""
        return await self._select("status = 'pending_approval' AND remind_at <= ?", at)

    async def overdue(self, at: datetime) -> list[CallRequest]:
        """Requests that have waited too long for their approval or their dial."""
        return [
            *await self._select("status = 'pending_approval' AND approval_expires_at <= ?", at),
            *await self._select("status = 'approved' AND dial_expires_at <= ?", at),
        ]

    async def _select(self, where: str, *values: object) -> list[CallRequest]:
        sql = f"SELECT * FROM call_requests WHERE {where}"
        parameters = [to_column(value) for value in values]
        return await self._database.read(lambda db: [to_request(row) for row in db.query(sql, parameters)])

    async def _write(self, work: Callable[[sqlite_utils.Database], T], *, surely: bool = False) -> T:
        result = await (self._database.write_surely if surely else self._database.write)(work)
        self._changed(result.status if isinstance(result, CallRequest) else None)
        return result
