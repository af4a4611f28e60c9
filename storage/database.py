"""One SQLite file: one thread that writes, one that reads.

Every write is durable when it returns: WAL with `synchronous=FULL`. Writes that arrive together are
committed together, each under its own savepoint, so that they share one fsync.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlite_utils

from bot import crash_points
from storage.migrations import migrations

T = TypeVar("T")

_MOST_TOGETHER = 128


@dataclass
class _Job:
    work: Callable[[sqlite_utils.Database], Any]
    future: asyncio.Future[Any]
    alone: bool = False

    @property
    def name(self) -> str:
        """The method that asked for it, such as `Outbox.sent`."""
        return self.work.__qualname__.partition(".<locals>")[0]


@dataclass(frozen=True)
class _Outcome:
    result: Any = None
    error: Exception | None = None

    def tell(self, job: _Job) -> None:
        if job.future.done():
            return  # nobody waits for it any more
        if self.error is None:
            job.future.set_result(self.result)
        else:
            job.future.set_exception(self.error)


class Database:
    """An open database. `write` and `read` take a function of a `sqlite_utils.Database`."""

    def __init__(self, path: Path) -> None:
        """Open or create the file, bring its schema up to date, start the threads."""
        _create_private(path)
        self._writer = _Thread("callgate-writer", _connect(path), _write)
        migrations.apply(self._writer.db)
        self._reader = _Thread("callgate-reader", _connect(path, read_only=True), _run_each)
        for thread in (self._writer, self._reader):
            thread.start()

    async def write(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """Run the function inside a transaction; durable on return, undone if it raises."""
        return await self._writer.put(work)

    async def maintain(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """Run the function on the write connection outside of any transaction."""
        return await self._writer.put(work, alone=True)

    async def read(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """Run the function on the read-only connection."""
        return await self._reader.put(work)

    def close(self) -> None:
        """Finish what was asked for, then close the file. Whoever asks later gets a RuntimeError."""
        self._reader.stop()
        self._writer.stop()


class _Thread(threading.Thread):
    """Owns one connection and runs what is put into its queue, in order."""

    def __init__(
        self, name: str, db: sqlite_utils.Database, run: Callable[[sqlite_utils.Database, list[_Job]], None]
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.db = db
        self._run = run
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._stopped = False

    def put(self, work: Callable[[sqlite_utils.Database], T], *, alone: bool = False) -> asyncio.Future[T]:
        if self._stopped:  # nobody would ever answer
            raise RuntimeError("The database is closed.")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put(_Job(work, future, alone))
        return future

    def run(self) -> None:
        for batch in self._batches():
            if wanted := [job for job in batch if not job.future.cancelled()]:
                self._run(self.db, wanted)
        self.db.close()

    def stop(self) -> None:
        self._stopped = True
        self._queue.put(None)
        self.join()

    def _batches(self) -> Iterator[list[_Job]]:
        while (job := self._queue.get()) is not None:
            batch = [job]
            with contextlib.suppress(queue.Empty):
                while len(batch) < _MOST_TOGETHER:
                    if (job := self._queue.get_nowait()) is None:
                        yield batch
                        return
                    batch.append(job)
            yield batch


def _write(db: sqlite_utils.Database, jobs: list[_Job]) -> None:
    together = [job for job in jobs if not job.alone]
    if together:
        _commit_together(db, together)
    _run_each(db, [job for job in jobs if job.alone])


def _commit_together(db: sqlite_utils.Database, jobs: list[_Job]) -> None:
    """Run the jobs in one transaction; nobody learns a result before it is on the disk."""
    try:
        outcomes = _commit(db, jobs, _run_unprotected)
    except _HalfDone:
        outcomes = _commit(db, jobs, _run_under_savepoint)
    _tell(jobs, outcomes)


def _commit(
    db: sqlite_utils.Database, jobs: list[_Job], run: Callable[[sqlite_utils.Database, _Job], _Outcome]
) -> list[_Outcome]:
    try:
        db.conn.execute("BEGIN IMMEDIATE")
        for job in jobs:
            crash_points.writes(job.name)
        outcomes = [run(db, job) for job in jobs]
        with crash_points.commit():
            db.conn.execute("COMMIT")
    except Exception as error:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        if isinstance(error, _HalfDone):
            raise
        return [_Outcome(error=error)] * len(jobs)
    return outcomes


class _HalfDone(Exception):
    """A job raised and left something behind, which can only be undone with all that the others did.

    That is a part of its own writes, or, after some errors of SQLite's (a full disk), no transaction at all.
    """


def _run_unprotected(db: sqlite_utils.Database, job: _Job) -> _Outcome:
    """Nearly all that raise have only read. A savepoint would cost everybody a sixth of their time."""
    written = db.conn.total_changes
    outcome = _run(db, job)
    if outcome.error is not None and (db.conn.total_changes != written or not db.conn.in_transaction):
        raise _HalfDone
    return outcome


def _run_under_savepoint(db: sqlite_utils.Database, job: _Job) -> _Outcome:
    db.conn.execute("SAVEPOINT job")
    outcome = _run(db, job)
    if outcome.error is not None:
        db.conn.execute("ROLLBACK TO job")
    db.conn.execute("RELEASE job")
    return outcome


def _run_each(db: sqlite_utils.Database, jobs: list[_Job]) -> None:
    for job in jobs:
        _tell([job], [_run(db, job)])


def _tell(jobs: list[_Job], outcomes: list[_Outcome]) -> None:
    """Hand the outcomes over to the event loop, which is woken once for all of them."""

    def tell() -> None:
        for job, outcome in zip(jobs, outcomes, strict=True):
            outcome.tell(job)

    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        jobs[0].future.get_loop().call_soon_threadsafe(tell)


def _run(db: sqlite_utils.Database, job: _Job) -> _Outcome:
    try:
        return _Outcome(job.work(db))
    except Exception as error:
        return _Outcome(error=error)


def _connect(path: Path, *, read_only: bool = False) -> sqlite_utils.Database:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What a row no longer says is overwritten, also where a change moved it within the file.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    return sqlite_utils.Database(connection)


def _create_private(path: Path) -> None:
    """The file holds personal data: only its owner may read it. SQLite gives its siblings the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
