"""The counts that the database keeps by itself, held against counting the rows."""

from __future__ import annotations

import random
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import sqlite_utils

from bot.domain import placement
from bot.domain.answer import Answer, Conclusion
from bot.domain.approval import cancel
from storage.calls.store import SqliteCallStore
from storage.counts import read_counts
from storage.database.opening import read_only
from storage.database.threads import Database
from storage.migrations import migrations
from storage.rows import to_row
from tests.support.clock import START
from tests.support.old_database import old_database, put
from tests.support.requests import a_request, as_it_is, claim, yes

DAY = timedelta(days=1)
RETRY = placement.Retry(lambda attempts: 0.0, failed_to_place=True)


def counted(db: sqlite_utils.Database) -> dict[str, int]:
    return dict(db.execute("SELECT status, count(*) FROM call_requests GROUP BY status").fetchall())


async def test_the_counts_are_those_of_the_rows(tmp_path: Path) -> None:
    """Whatever happens to requests, in whatever order, the kept counts are what counting gives."""
    database = Database(tmp_path / "callgate.db")
    store = SqliteCallStore(database, lambda _: None)
    requests = [await store.add(a_request(), as_it_is) for _ in range(30)]
    for request in random.Random(4).sample(requests, 20):
        await store.change(request.id, lambda r, _: yes(r))
    for request, conclusion in zip(await store.dialable(START, len(Conclusion)), Conclusion, strict=False):
        await store.change(request.id, lambda r, _: claim(r))
        answer = Answer(conclusion, call_sid=f"OUT-{request.id}" if conclusion is Conclusion.PLACED else None)
        await store.change(request.id, lambda r, _, a=answer: placement.conclude(r, a, START, RETRY))
    await store.change(requests[-1].id, lambda r, _: cancel(r, "U0ALICE", START))
    counts = await database.read(read_counts)
    assert {name: count for name, count in counts.calls.items() if count} == await database.read(counted)
    assert counts.dial_attempts == {conclusion.value: 1 for conclusion in Conclusion}
    assert counts.pending == len(list(await database.read(lambda db: list(db.query("SELECT 1 FROM outbox")))))
    assert counts.oldest_pending == START and counts.dead_letters == 0
    database.close()


def test_what_was_there_before_is_counted(tmp_path: Path) -> None:
    """The migration counts the rows of an older database, and what is deleted later counts no more."""
    db = old_database(tmp_path / "old.db", before="m0006_counts")
    for _ in range(3):
        put(db, "call_requests", to_row(a_request()))
    migrations.apply(db)
    assert read_counts(db).calls == {"pending_approval": 3}
    db.execute("DROP TRIGGER call_requests_no_delete")
    db.execute("DELETE FROM call_requests WHERE rowid = 1")
    assert read_counts(db).calls == {"pending_approval": 2}
    db.close()


def test_the_outbox_is_carried_over(tmp_path: Path) -> None:
    """What an older database still had to tell Slack is still there, and new kinds are taken."""
    db = old_database(tmp_path / "old.db", before="m0007_letters_to_channels")
    request = a_request()
    put(db, "call_requests", to_row(request))
    letter = {"call_request_id": request.id, "kind": "card", "created_at": "now", "due_at": "now"}
    put(db, "outbox", letter)
    (before,) = db.query("SELECT * FROM outbox")
    migrations.apply(db)
    carried, refreshed = db.query("SELECT * FROM outbox")
    assert carried == {**before, "channel": None} and refreshed["kind"] == "card"
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("UPDATE outbox SET kind = 'pigeon'")
    db.execute("UPDATE outbox SET kind = 'channel'")
    assert not list(db.query("PRAGMA foreign_key_check"))
    db.close()


@pytest.mark.parametrize("table", ["call_requests", "dial_attempts"])
def test_counting_reads_no_row_of_the_big_tables(tmp_path: Path, table: str) -> None:
    """A scrape costs the same with a million calls as with none."""
    Database(tmp_path / "callgate.db").close()
    asked: list[str] = []
    with read_only(tmp_path / "callgate.db") as db:
        db.conn.set_trace_callback(asked.append)
        read_counts(db)
        plans = [str(list(db.query(f"EXPLAIN QUERY PLAN {sql}"))) for sql in asked[:]]
    assert len(plans) == 5 and not any(table in plan for plan in plans)
    assert all("INDEX" in plan or "PRIMARY KEY" in plan for plan in plans)
