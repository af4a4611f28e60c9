"""A million finished calls on record, next to a thousand: nothing that people wait for gets slower."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from rich.table import Table

from benchmarks.figures import median, met, ms, p99, table
from benchmarks.on_record import FINISHED, record
from benchmarks.processes import processes
from benchmarks.use_cases import Office
from storage.database.threads import Database

FEW, MANY = 1_000, 1_000_000
MAX_RATIO = 1.2

_CALLS = 300
_TURNS = 4
_COUNTS = {1: 30, 32: 160}

Step = Callable[[], Awaitable[None]]


@dataclass
class Line:
    """Seconds that one thing took, each time, with few calls on record and with many."""

    what: str
    few: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)

    def row(self) -> list[str]:
        ratio = median(self.many) / median(self.few)
        numbers = [ms(quantile(side)) for side in (self.few, self.many) for quantile in (median, p99)]
        return [self.what, *numbers, f"{ratio:.2f}", f"at most {MAX_RATIO}", met(ratio <= MAX_RATIO)]


async def measure() -> list[Table]:
    with tempfile.TemporaryDirectory(prefix="callgate-bench-") as name:
        few, many = Path(name) / "few.db", Path(name) / "many.db"
        await record(few, FEW, FINISHED)
        await record(many, MANY, FINISHED)
        size = many.stat().st_size
        lines = await _acks(few, many)
        async with _office(few) as ours, _office(many) as theirs:
            lines += await _use_cases(ours, theirs)
    title = f"{MANY:,} finished calls on record ({size / 1e9:.1f} GB), next to {FEW:,}"
    numbers = (f"{FEW:,}\np50 ms", "\np99 ms", f"{MANY:,}\np50 ms", "\np99 ms", "p50\nratio")
    return [table(title, ("what", *numbers, "wanted", ""), [line.row() for line in lines])]


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
    """One call after the other is asked for, approved, dialed and followed, in both; no Slack, no HTTP."""
    steps = {
        "form: stored": (few.submit, many.submit),
        "approval: stored": (few.approve, many.approve),
        "dial: claimed, concluded": (few.dial, many.dial),
        "poll with news: stored": (few.on_status, many.on_status),
    }
    lines = [Line(what) for what in steps]
    for turn in range(_CALLS):
        for line, (with_few, with_many) in zip(lines, steps.values(), strict=True):
            sides: list[tuple[list[float], Step]] = [(line.few, with_few), (line.many, with_many)]
            for times, work in sides if turn % 2 else reversed(sides):
                began = time.perf_counter()
                await work()
                times.append(time.perf_counter() - began)
    return lines


async def _acks(few: Path, many: Path) -> list[Line]:
    """The whole product on each, sent the same forms in turn."""
    lines = {at_a_time: Line(f"ack of a form, {at_a_time} at a time") for at_a_time in _COUNTS}
    async with processes() as started:
        installed = await started.emulators()
        products = [await started.product(path, installed.env) for path in (few, many)]
        commands = await installed.requests("commands/1")
        for product in products:
            await product.send(commands, 1)
        for turn in range(_TURNS):
            for at_a_time, line in lines.items():
                pairs = list(zip((line.few, line.many), products, strict=True))
                for times, product in pairs if turn % 2 else reversed(pairs):
                    forms = await installed.requests(f"submissions/{_COUNTS[at_a_time]}")
                    for other in products:
                        await other.at_rest()
                    times += (await product.send(forms, at_a_time)).latencies
    return list(lines.values())
