"""The call store: guarded transitions, and what the schema itself forbids."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import approval, placement
from bot.domain.answer import Answer, Conclusion
from bot.domain.call_request import CallRequest
from bot.domain.errors import Refused, TooLate
from bot.domain.move import Move
from bot.domain.states import TRANSITIONS, Status
from storage.calls.store import SqliteCallStore
from storage.database.threads import Database
from tests.support.clock import START
from tests.support.requests import a_request, as_it_is, claim, yes

DAY = timedelta(days=1)
RETRY = placement.Retry(lambda attempts: 1.0, failed_to_place=True)


class Store(SqliteCallStore):
    """The store, with its database at hand."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, lambda _: None)
        self.database = database

    async def rows(self, sql: str) -> list[dict[str, object]]:
        return await self.database.read(lambda db: list(db.query(sql)))

    async def approved(self) -> CallRequest:
        request = await self.add(a_request(), as_it_is)
        return await self.change(request.id, lambda r, _: yes(r))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    database = Database(tmp_path / "callgate.db")
    yield Store(database)
    database.close()


async def test_a_request_comes_back_as_it_was_stored(store: Store) -> None:
    """Every field survives the database."""
    request = a_request(metadata={"some_key": 'ü "quoted"'}, why="<!channel> & more")
    await store.add(request, as_it_is)
    assert await store.get(request.id) == request


async def test_an_unknown_request_is_refused(store: Store) -> None:
    """Asking for what is not there is a refusal with a sentence."""
    with pytest.raises(Refused, match="no such call request"):
        await store.get("CR-0000000000000000")


async def test_one_form_is_one_request(store: Store) -> None:
    """The same form stored twice, even at once, is the request that was first."""
    first = a_request()
    second = a_request(form_id=first.form_id)
    stored = await asyncio.gather(store.add(first, as_it_is), store.add(second, as_it_is))
    assert stored[0] == stored[1]
    assert len(await store.rows("SELECT * FROM call_requests")) == 1


async def test_of_many_at_once_one_is_first(store: Store) -> None:
    """Ten approvals at the same time: one goes through, the others learn who was first."""
    request = await store.add(a_request(), as_it_is)
    approvals = [store.change(request.id, lambda r, _, i=i: yes(r, f"U0BOB{i}")) for i in range(10)]
    outcomes = await asyncio.gather(*approvals, return_exceptions=True)
    assert sum(isinstance(outcome, TooLate) for outcome in outcomes) == 9
    events = await store.rows("SELECT * FROM audit_events WHERE event = 'approved'")
    assert len(events) == 1


async def test_a_move_writes_everything_or_nothing(store: Store) -> None:
    """A refused move leaves no event, no attempt and nothing to tell."""
    request = await store.approved()
    before = [await store.rows(f"SELECT * FROM {table}") for table in ("audit_events", "outbox")]
    with pytest.raises(TooLate):
        await store.change(request.id, lambda r, _: approval.cancel(replaced(r), "U0ALICE", START))
    assert before == [await store.rows(f"SELECT * FROM {table}") for table in ("audit_events", "outbox")]


def replaced(request: CallRequest) -> CallRequest:
    return request.model_copy(update={"status": Status.DIALING})


async def test_a_way_that_the_table_does_not_have_cannot_be_gone(store: Store) -> None:
    """The store holds every transition against the state table, whoever decides it."""
    request = await store.approved()
    for status in set(Status) - TRANSITIONS[Status.APPROVED]:
        move = Move(event="forced", actor="callgate", at=START, to=status)
        with pytest.raises(ValueError, match="no way from"):
            await store.change(request.id, lambda _, __, move=move: move)


async def test_each_change_leaves_an_audit_event_and_a_card(store: Store) -> None:
    """From the submission to the approval every step is in the record and for Slack to show."""
    request = await store.approved()
    events = await store.rows("SELECT event, actor, status_before, status_after FROM audit_events")
    assert [tuple(event.values()) for event in events] == [
        ("submitted", "U0ALICE", None, "pending_approval"),
        ("approved", "U0BOB", "pending_approval", "approved"),
    ]
    items = await store.rows("SELECT kind, call_request_id FROM outbox")
    assert [item["kind"] for item in items] == ["card", "thread", "card"]
    assert {item["call_request_id"] for item in items} == {request.id}


async def test_a_second_attempt_cannot_be_open(store: Store) -> None:
    """The schema itself refuses a second dial attempt beside an open one."""
    request = await store.approved()
    await store.change(request.id, lambda r, _: claim(r))
    with pytest.raises(sqlite3.IntegrityError):
        await again(store, request)


@pytest.mark.parametrize("conclusion", [Conclusion.UNKNOWN, Conclusion.PLACED])
async def test_after_an_attempt_that_may_have_rung_there_is_no_other(
    store: Store, conclusion: Conclusion
) -> None:
    """The schema itself refuses to dial again what may have rung, whatever the code above it does."""
    request = await store.approved()
    await store.change(request.id, lambda r, _: claim(r))
    answer = Answer(conclusion, call_sid="OUT-1" if conclusion is Conclusion.PLACED else None)
    await store.change(request.id, lambda r, _: placement.conclude(r, answer, START, RETRY))
    with pytest.raises(sqlite3.IntegrityError):
        await again(store, request)


async def again(store: Store, request: CallRequest) -> None:
    sql = "INSERT INTO dial_attempts (call_request_id, started_at, payload_sha256) VALUES (?, 'now', 'x')"
    await store.database.write(lambda db: db.execute(sql, [request.id]))


async def test_the_schema_refuses_a_self_approval(store: Store) -> None:
    """The first promise stands in the database too."""
    request = await store.add(a_request(), as_it_is)
    sql = "UPDATE call_requests SET approved_by = requester WHERE id = ?"
    with pytest.raises(sqlite3.IntegrityError):
        await store.database.write(lambda db: db.execute(sql, [request.id]))


@pytest.mark.parametrize(
    "status", sorted(set(Status) - {"pending_approval", "denied", "cancelled", "expired"})
)
async def test_the_schema_refuses_to_go_on_without_an_approval(store: Store, status: Status) -> None:
    """Nothing that was not approved can be in any state beyond."""
    request = await store.add(a_request(), as_it_is)
    sql = "UPDATE call_requests SET status = ? WHERE id = ?"
    with pytest.raises(sqlite3.IntegrityError):
        await store.database.write(lambda db: db.execute(sql, [status.value, request.id]))


@pytest.mark.parametrize("sql", ["UPDATE audit_events SET actor = 'x'", "DELETE FROM audit_events"])
async def test_the_record_is_only_ever_added_to(store: Store, sql: str) -> None:
    """An audit event can be neither changed nor deleted."""
    await store.add(a_request(), as_it_is)
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        await store.database.write(lambda db: db.execute(sql))


async def test_what_is_due_is_found_by_its_time(store: Store) -> None:
    """Dialing, following and expiring each find what is theirs, and nothing before its time."""
    request = await store.approved()
    assert await store.dialable(START - timedelta(seconds=1), 1) == []
    assert [r.id for r in await store.dialable(START, 1)] == [request.id]
    assert await store.next_dial() == START
    assert await store.overdue(START + timedelta(hours=23)) == []
    assert [r.id for r in await store.overdue(START + DAY)] == [request.id]
    await store.change(request.id, lambda r, _: claim(r))
    assert [r.id for r in await store.dialing()] == [request.id]
    assert await store.dialing(START + timedelta(seconds=1)) == []
    answer = Answer(Conclusion.PLACED, call_sid="OUT-1")
    await store.change(request.id, lambda r, _: placement.conclude(r, answer, START, RETRY))
    assert [r.id for r in await store.placed_since(None)] == [request.id]
    assert await store.placed_since(START + timedelta(seconds=1)) == []


async def test_the_queries_of_the_workers_use_their_indexes(store: Store) -> None:
    """A million ended calls cost the workers nothing: their queries walk a partial index."""
    queries = {
        "status = 'approved' AND dial_after <= '' ORDER BY dial_after LIMIT 9": "call_requests_dialable",
        "status = 'dialing' AND lease_until < ''": "call_requests_dialing",
        "status = 'placed' AND placed_at >= '' ORDER BY placed_at": "call_requests_followed",
        "status = 'pending_approval' AND approval_expires_at <= ''": "call_requests_waiting",
    }
    for where, index in queries.items():
        plan = await store.rows(f"EXPLAIN QUERY PLAN SELECT * FROM call_requests WHERE {where}")
        assert index in str(plan), where
    pending = "SELECT * FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL ORDER BY id LIMIT 9"
    plan = await store.rows(f"EXPLAIN QUERY PLAN {pending}")
    assert "outbox_pending" in str(plan)
