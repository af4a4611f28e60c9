"""However many calls there have been: no question that is asked again and again reads a whole table."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlite_utils

from storage.calls import dialing_hold, dialing_records, worklist
from storage.calls.store import SqliteCallStore
from storage.calls.worklist import newest
from storage.counts import read_counts
from storage.database.threads import Database
from storage.outbox.outbox import Outbox
from tests.support.clock import START
from tests.support.requests import a_request, as_it_is

TABLES = ("call_requests", "dial_attempts", "audit_events", "outbox", "suppressions")


async def _everything_that_waits(database: Database) -> None:
    store = SqliteCallStore(database, lambda _: None)
    await store.dialable(START, 10)
    await store.next_dial()
    await store.dialing_is_held()
    await store.dialing()
    await store.dialing(START)
    await store.placed_since(None)
    await store.placed_since(START)
    await store.remindable(START)
    await store.overdue(START)
    await Outbox(database).pending(START)
    await database.read(read_counts)


def _the_worklist(db: sqlite_utils.Database) -> None:
    worklist.dead_letters(db)
    worklist.unconfirmed(db)
    worklist.approved(db)
    worklist.due_since(db, START)
    dialing_hold.is_held(db)
    dialing_records.load(db, a_request(), START)


@pytest.fixture
async def plans(tmp_path: Path) -> list[tuple[str, str]]:
    """Each statement of the above, with each line of SQLite's plan for it."""
    database, statements = Database(tmp_path / "callgate.db"), list[str]()
    await database.read(lambda db: db.conn.set_trace_callback(statements.append))
    await _everything_that_waits(database)
    await database.read(_the_worklist)
    await database.read(lambda db: db.conn.set_trace_callback(None))
    found = await database.read(
        lambda db: [
            (sql, line[3])
            for sql in statements
            for line in db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        ]
    )
    database.close()
    return found


async def test_only_what_waits_is_read(plans: list[tuple[str, str]]) -> None:
    """Each table is searched by an index, or only that index is read which holds what still waits."""
    assert len({sql for sql, _ in plans}) >= 15
    scans = [(sql, line) for sql, line in plans if line.startswith("SCAN") and " USING " not in line]
    names = {f"SCAN {name}" for name in (*TABLES, "a", "o", "r")}
    assert [scan for scan in scans if scan[1] in names] == []


async def test_the_newest_are_listed_first_without_a_sort(tmp_path: Path) -> None:
    """`callgate calls` reads from the end of the table what it shows, and no more."""
    database = Database(tmp_path / "callgate.db")
    store = SqliteCallStore(database, lambda _: None)
    asked = [await store.add(a_request(), as_it_is) for _ in range(3)]
    shown = await database.read(lambda db: newest(db, 2))
    assert [request.id for request in shown] == [asked[2].id, asked[1].id]
    database.close()
