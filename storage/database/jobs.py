"""Jobs for the database: those that wait together share a commit and its fsync, and are undone one by one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlite_utils

from bot import crash_points
from storage.database.transaction import transaction


@dataclass
class Job:
    """A function of the database, and who waits for its result. `alone`: outside of any transaction."""

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

    def tell(self, job: Job) -> None:
        if job.future.done():
            return  # nobody waits for it any more
        if self.error is None:
            job.future.set_result(self.result)
        else:
            job.future.set_exception(self.error)


def write_together(db: sqlite_utils.Database, jobs: list[Job]) -> None:
    """Run what changes something: durable, or undone, before anybody is told."""
    if together := [job for job in jobs if not job.alone]:
        try:
            with transaction(db):
                for job in together:
                    crash_points.writes(job.name)
                outcomes = [_run_under_savepoint(db, job) for job in together]
        except Exception as error:
            outcomes = [_Outcome(error=error)] * len(together)
        _tell(together, outcomes)
    run_each(db, [job for job in jobs if job.alone])


def run_each(db: sqlite_utils.Database, jobs: list[Job]) -> None:
    """Run one after the other, in no transaction of ours."""
    for job in jobs:
        _tell([job], [_run(db, job)])


def _run_under_savepoint(db: sqlite_utils.Database, job: Job) -> _Outcome:
    """Undo a job that raises, and nothing of the others."""
    db.conn.execute("SAVEPOINT job")
    outcome = _run(db, job)
    if outcome.error is not None:
        if not db.conn.in_transaction:
            # After some errors (a full disk) SQLite has undone everything, what the others wrote as well.
            raise outcome.error
        db.conn.execute("ROLLBACK TO job")
    db.conn.execute("RELEASE job")
    return outcome


def _tell(jobs: list[Job], outcomes: list[_Outcome]) -> None:
    """Hand the outcomes over to the event loop, which is woken once for all of them."""

    def tell() -> None:
        for job, outcome in zip(jobs, outcomes, strict=True):
            outcome.tell(job)

    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        jobs[0].future.get_loop().call_soon_threadsafe(tell)


def _run(db: sqlite_utils.Database, job: Job) -> _Outcome:
    try:
        return _Outcome(job.work(db))
    except Exception as error:
        return _Outcome(error=error)
