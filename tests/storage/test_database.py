"""The database: durable writes that share a commit, and are undone one by one."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlite_utils

from storage.database.threads import Database
from storage.migrations import migrations


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "callgate.db")
    yield database
    database.close()


def add(value: str) -> str:
    return f"INSERT INTO notes (note) VALUES ('{value}')"


async def notes(database: Database) -> list[str]:
    return await database.read(lambda db: [row["note"] for row in db.query("SELECT note FROM notes")])


async def in_one_commit(
    database: Database, works: list[Callable[[sqlite_utils.Database], object]]
) -> list[object]:
    """What comes of works that all wait for the writer while it is busy: results and errors."""
    begun, queued = threading.Event(), threading.Event()
    busy = asyncio.create_task(database.write(lambda _: (begun.set(), queued.wait())))
    await asyncio.to_thread(begun.wait)
    tasks = [asyncio.create_task(database.write(work)) for work in works]
    await asyncio.sleep(0)
    queued.set()
    await busy
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_write_that_raises_is_undone_alone(database: Database) -> None:
    """Of writes committed together, the one that raises is undone and the others stay."""
    await database.write(lambda db: db.execute("CREATE TABLE notes (note TEXT)"))

    def fail(db: sqlite_utils.Database) -> None:
        db.execute(add("undone"))
        raise ValueError("no")

    works = [lambda db, i=i: db.execute(add(str(i))) for i in range(20)]
    outcomes = await in_one_commit(database, [*works, fail])
    assert isinstance(outcomes[-1], ValueError)
    assert sorted(await notes(database), key=int) == [str(i) for i in range(20)]


async def test_a_refusal_has_no_other_write_done_again(database: Database) -> None:
    """Refusals are common; each of the others runs once all the same, and again only where one half wrote."""
    await database.write(lambda db: db.execute("CREATE TABLE notes (note TEXT)"))
    runs: list[int] = []

    def note(db: sqlite_utils.Database, number: int) -> None:
        runs.append(number)
        db.execute(add(str(number)))

    def refuse(db: sqlite_utils.Database) -> None:
        db.execute("SELECT note FROM notes")
        raise ValueError("refused")

    works = [lambda db, i=i: note(db, i) for i in range(20)]
    outcomes = await in_one_commit(database, [*works, refuse, refuse])
    assert [isinstance(outcome, ValueError) for outcome in outcomes] == [False] * 20 + [True] * 2
    assert runs == list(range(20))


async def test_where_sqlite_itself_rolls_back_nothing_is_half_stored(database: Database) -> None:
    """As it may at a full disk: of what is committed together, what is not stored is said to have failed."""
    await database.write(lambda db: db.execute("CREATE TABLE notes (note TEXT UNIQUE)"))
    await database.write(lambda db: db.execute(add("first")))

    def note_twice(db: sqlite_utils.Database, number: int) -> None:
        db.execute(add(f"{number}a"))
        db.execute(add(f"{number}b"))

    def lose_the_transaction(db: sqlite_utils.Database) -> None:
        db.execute("INSERT OR ROLLBACK INTO notes (note) VALUES ('first')")

    works = [lambda db, i=i: note_twice(db, i) for i in range(6)]
    outcomes = await in_one_commit(database, [*works[:3], lose_the_transaction, *works[3:]])
    assert all(isinstance(outcome, sqlite3.Error) for outcome in outcomes)
    assert await notes(database) == ["first"]


async def test_writes_that_arrive_together_share_commits(database: Database) -> None:
    """A hundred writes at once need far fewer than a hundred commits."""
    await database.write(lambda db: db.execute("CREATE TABLE notes (note TEXT)"))
    statements: list[str] = []
    await database.write(lambda db: db.conn.set_trace_callback(statements.append))
    await asyncio.gather(*(database.write(lambda db: db.execute(add("x"))) for _ in range(100)))
    assert sum(statement.startswith("COMMIT") for statement in statements) <= 50
    assert len(await notes(database)) == 100


async def test_a_commit_that_fails_fails_every_write_in_it(database: Database) -> None:
    """Nobody is told that something is stored when the commit did not go through."""
    for table in (
        "notes (note TEXT)",
        "a (id INTEGER PRIMARY KEY)",
        "b (a INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)",
    ):
        await database.write(lambda db, table=table: db.execute(f"CREATE TABLE {table}"))
    with pytest.raises(sqlite3.IntegrityError):
        await database.write(lambda db: db.execute("INSERT INTO b VALUES (7)"))
    assert await notes(database) == []


async def test_the_reader_cannot_write(database: Database) -> None:
    """What is meant to read changes nothing by accident."""
    with pytest.raises(sqlite3.OperationalError):
        await database.read(lambda db: db.execute("CREATE TABLE notes (note TEXT)"))


async def test_every_write_is_synced_to_the_disk(database: Database) -> None:
    """WAL with synchronous=FULL (2), so that an acknowledged write survives a power cut."""
    mode = await database.write(lambda db: db.conn.execute("PRAGMA journal_mode").fetchone()[0])
    level = await database.write(lambda db: db.conn.execute("PRAGMA synchronous").fetchone()[0])
    assert (mode, level) == ("wal", 2)


def test_only_the_owner_can_read_the_files(tmp_path: Path) -> None:
    """The file and its siblings hold personal data."""
    database = Database(tmp_path / "callgate.db")
    try:
        for file in tmp_path.glob("callgate.db*"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    finally:
        database.close()


async def test_opening_again_changes_nothing_and_keeps_everything(tmp_path: Path) -> None:
    """Every migration is applied once, and what was stored is there."""
    path = tmp_path / "callgate.db"
    first = Database(path)
    await first.write(lambda db: db.execute("CREATE TABLE notes (note TEXT)"))
    await first.write(lambda db: db.execute(add("kept")))
    first.close()
    second = Database(path)
    try:
        assert await notes(second) == ["kept"]
        applied = await second.read(lambda db: [each.name for each in migrations.applied(db)])
        assert applied == sorted(applied) and len(applied) == len(set(applied)) >= 4
    finally:
        second.close()


async def test_a_closed_database_answers_at_once(tmp_path: Path) -> None:
    """Who comes after the end is told so: waiting for an answer that nobody gives would keep the process."""
    database = Database(tmp_path / "callgate.db")
    database.close()
    for ask in (database.read, database.write):
        with pytest.raises(RuntimeError, match="closed"):
            await ask(lambda db: None)
