"""The bot's database: one thread that writes, one that reads.

Every write is durable when it returns: WAL with `synchronous=FULL`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import sqlite_utils
import structlog

from bot.domain.backoff import backoff
from bot.domain.errors import TryAgainLater
from storage import installation
from storage.database.jobs import Job, run_each, write_together
from storage.database.opening import for_bot
from storage.database.seen_head import SeenHead
from storage.database.transaction import transaction

T = TypeVar("T")

_MAX_TOGETHER = 128
_LONGEST_PAUSE = 10.0

log = structlog.get_logger()

_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOMEM,
    }
)
"""What says nothing of the statement: the disk is full, or somebody else has the file. The rest are bugs."""


class Unwritable(TryAgainLater):
    """The database cannot be written now; nothing was."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"Callgate cannot write its database ({why}), so nothing was done. Tell your operator, and try"
            " again later."
        )


class Database:
    """An open database. `write` and `read` take a function of a `sqlite_utils.Database`."""

    def __init__(self, path: Path) -> None:
        """Open the file as `opening.for_bot` does, and start both threads."""
        self._opened = contextlib.ExitStack()
        writer, reader = self._opened.enter_context(for_bot(path))
        self._path, self._identity = path, _identity(path)
        self._seen = SeenHead(path.resolve())
        self._opened.callback(self._seen.close)
        self.older = self._seen.doubt(writer)
        """Why it may be an older copy of what was here; empty where it is not."""
        if not self.older:
            with transaction(writer):
                self._seen.start(writer)
            self._seen.note(writer)

        def write(db: sqlite_utils.Database, jobs: list[Job]) -> None:
            write_together(db, jobs)
            if not self.older:
                self._seen.note(db)

        self._writer = _Thread("callgate-writer", writer, write)
        self._reader = _Thread("callgate-reader", reader, run_each)
        self._trouble = ""
        for thread in (self._writer, self._reader):
            thread.start()

    async def write(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """Run the function inside a transaction; durable on return, undone if it raises.

        Raises:
            Unwritable: the disk is full, or somebody else has the file; nothing of it was done.
        """
        if _identity(self._path) != self._identity:
            self._note_trouble(f"{self._path} was replaced or removed while Callgate was running: restart it")
            raise Unwritable(self._trouble)
        try:
            done = await self._writer.put(work)
        except sqlite3.OperationalError as error:
            # The low byte is the primary code: https://www.sqlite.org/rescode.html
            if error.sqlite_errorcode & 0xFF not in _PASSING:
                raise
            self._note_trouble(str(error))
            raise Unwritable(self._trouble) from error
        if self._trouble:
            log.info("database_writable")
            self._trouble = ""
        return done

    async def take_older(self, hold: Callable[[sqlite_utils.Database], None]) -> None:
        """Take an older copy for what is here now, with what keeps it from being dialed: both or none."""

        def work(db: sqlite_utils.Database) -> None:
            hold(db)
            self._seen.start(db)

        await self.write(work)
        self.older = ""

    async def write_surely(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """The same, tried again until it can be written: for what has happened outside already."""
        for failures in itertools.count(1):
            try:
                return await self.write(work)
            except Unwritable:
                await asyncio.sleep(backoff(failures, first=0.5, limit=_LONGEST_PAUSE))
        raise AssertionError  # counting has no end

    async def trouble(self) -> str:
        """Why it cannot be written; empty where it can be. After a write that failed, this tries one."""
        if self._trouble or _identity(self._path) != self._identity:
            with contextlib.suppress(Unwritable):
                await self.write(installation.touch)
        return self._trouble

    async def maintain(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """Run the function on the write connection outside of any transaction."""
        return await self._writer.put(work, alone=True)

    async def read(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """Run the function on the read-only connection."""
        return await self._reader.put(work)

    def _note_trouble(self, reason: str) -> None:
        if not self._trouble:
            log.error("database_unwritable", reason=reason)
        self._trouble = reason

    def close(self) -> None:
        """Finish what was asked for, then close the file. Whoever asks later gets a RuntimeError."""
        self._reader.stop()
        self._writer.stop()
        self._opened.close()


def _identity(path: Path) -> tuple[int, int]:
    """Which file it is, by whatever name; of none that is there, (0, 0)."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


class _Thread(threading.Thread):
    """Has one connection to itself and runs what is put into its queue, in order."""

    def __init__(
        self, name: str, db: sqlite_utils.Database, run: Callable[[sqlite_utils.Database, list[Job]], None]
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._db = db
        self._run = run
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._stopped = False

    def put(self, work: Callable[[sqlite_utils.Database], T], *, alone: bool = False) -> asyncio.Future[T]:
        if self._stopped:  # nobody would ever answer
            raise RuntimeError("The database is closed.")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put(Job(work, future, alone))
        return future

    def run(self) -> None:
        for batch in self._batches():
            if wanted := [job for job in batch if not job.future.cancelled()]:
                self._run(self._db, wanted)

    def stop(self) -> None:
        self._stopped = True
        self._queue.put(None)
        self.join()

    def _batches(self) -> Iterator[list[Job]]:
        while (job := self._queue.get()) is not None:
            batch = [job]
            with contextlib.suppress(queue.Empty):
                while len(batch) < _MAX_TOGETHER:
                    if (job := self._queue.get_nowait()) is None:
                        yield batch
                        return
                    batch.append(job)
            yield batch
