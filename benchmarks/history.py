"""A million finished calls on record, next to a thousand."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.history_product import measure_product
from benchmarks.on_record import FINISHED, record
from benchmarks.policy_on_record import measure_policy, suppress
from benchmarks.side_by_side import Line
from benchmarks.use_cases import Office
from bot.ops.doctor.database import check_database
from storage.database.threads import Database

FEW, MANY = 1_000, 1_000_000

_CALLS = 300


@dataclass(frozen=True)
class History:
    """The table's lines, the size of the file with many calls on record, the policy's seconds then."""

    lines: list[Line]
    bytes: int
    policy: list[float]


async def measure_history() -> History:
    """First the whole product on both, then the use cases alone, then what an operator asks."""
    with tempfile.TemporaryDirectory(prefix="callgate-bench-") as name:
        few, many = Path(name) / "few.db", Path(name) / "many.db"
        await record(few, FEW, FINISHED)
        await record(many, MANY, FINISHED)
        suppress(many, MANY)
        size = many.stat().st_size
        lines = await measure_product(few, many)
        async with _office(few) as ours, _office(many) as theirs:
            lines += await _use_cases(ours, theirs)
            policy = await measure_policy(theirs.database, theirs.clock.now())
        return History([*lines, await _check(few, many)], size, policy)


@contextlib.asynccontextmanager
async def _office(path: Path) -> AsyncIterator[Office]:
    database = Database(path)
    office = Office(database)
    try:
        yield office
    finally:
        await office.close()
        database.close()


async def _use_cases(few: Office, many: Office) -> list[Line]:
    """One call after the other is asked for, approved, dialed and heard of, in both."""
    steps = {
        "form: stored": (few.submit, many.submit),
        "approval: stored": (few.approve, many.approve),
        "dial: claimed, concluded": (few.dial, many.dial),
        "poll with news: stored": (few.hear, many.hear),
    }
    lines = [Line(what) for what in steps]
    for _ in range(_CALLS):
        for line, sides in zip(lines, steps.values(), strict=True):
            await line.take(*sides)
    return lines


async def _check(few: Path, many: Path) -> Line:
    line = Line("callgate doctor: the file", aimed_at=False)
    await line.take(lambda: _doctor(few), lambda: _doctor(many))
    return line


async def _doctor(path: Path) -> None:
    await asyncio.to_thread(lambda: list(check_database(path)))
