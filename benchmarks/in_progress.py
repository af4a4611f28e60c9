"""10,000 calls in progress: how soon each status is known, what that takes, and how soon Slack is heard."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path

from rich.table import Table

from benchmarks.busy_stage import BusyStage, Changes, busy_stage
from benchmarks.figures import median, met, ms, p99, table

CALLS = 10_000
"""In progress all the time; those that end in it come on top."""

ENDING = 2_000
ANSWERED = 2_000
SECONDS = 40.0

MAX_DELAY = 6.0
MAX_BYTES = 250_000_000
MAX_ACK = 0.2

_SETTLE = 6.0
_LOOK = 0.25
_COMMANDS = 5
_EVENTS = (
    "SELECT e.id, r.call_sid FROM audit_events e JOIN call_requests r ON r.id = e.call_request_id"
    " WHERE e.id > ?"
)


@dataclass
class InProgress:
    """What was seen. Delays are seconds from PolyAI's change to our database, at most `_LOOK` too long."""

    changes: int
    delays: list[float] = field(default_factory=list)
    acks: list[float] = field(default_factory=list)
    polls_per_second: float = 0.0
    cores: float = 0.0
    resident: int = 0
    most_resident: int = 0

    def rows(self) -> list[list[str]]:
        delays, acks = self.delays, self.acks
        memory = f"{self.resident / 1e6:.0f} MB, at most {self.most_resident / 1e6:.0f} MB"
        spread = f"p50 {median(delays):.1f} s, p99 {p99(delays):.1f} s, worst {max(delays):.1f} s"
        all_seen, in_time = len(delays) == self.changes, max(delays) <= MAX_DELAY
        small, heard = self.most_resident < MAX_BYTES, p99(acks) < MAX_ACK
        return [
            ["statuses seen", f"{len(delays):,} of {self.changes:,}", "all", met(all_seen)],
            ["from PolyAI's change to our record", spread, f"all within {MAX_DELAY:.0f} s", met(in_time)],
            [
                "ack of /call meanwhile",
                f"p50 {ms(median(acks))} ms, p99 {ms(p99(acks))} ms",
                f"p99 under {MAX_ACK * 1000:.0f} ms",
                met(heard),
            ],
            ["memory of the product", memory, f"under {MAX_BYTES / 1e6:.0f} MB", met(small)],
            ["polls", f"{self.polls_per_second:,.0f} a second", "", ""],
            ["CPU of the product", f"{self.cores:.2f} cores", "", ""],
        ]


async def measure() -> list[Table]:
    seen = await measure_in_progress()
    return [table(f"{CALLS:,} calls in progress", ("what", "measured", "wanted", ""), seen.rows())]


async def measure_in_progress() -> InProgress:
    """Let calls be answered and end all the while, and type `/call`."""
    changes: Changes = {}

    def change(call_sids: list[str]) -> Changes:
        chosen = random.Random(7).sample(call_sids, ENDING + ANSWERED)
        for number, call_sid in enumerate(chosen):
            changes[call_sid] = (random.uniform(0.0, SECONDS), "success" if number < ENDING else "calling")
        return changes

    async with busy_stage(CALLS + ENDING, change) as stage:
        await stage.commands(_COMMANDS)
        await asyncio.sleep(_SETTLE)
        return await _watch(stage, changes)


async def _watch(stage: BusyStage, changes: Changes) -> InProgress:
    result, watcher = InProgress(len(changes)), _Watcher(stage.product.database)
    began, polls = await stage.polyai.told("begin"), await stage.polls()
    used = stage.product.cpu_seconds()
    while (now := time.time()) < began + SECONDS:
        result.acks += (await stage.commands(_COMMANDS)).latencies
        watcher.look()
        await asyncio.sleep(_LOOK)
    seconds = now - began
    result.polls_per_second = (await stage.polls() - polls) / seconds
    result.cores = (stage.product.cpu_seconds() - used) / seconds
    while len(watcher.seen) < len(changes) and time.time() < began + SECONDS + 2 * MAX_DELAY:
        watcher.look()
        await asyncio.sleep(_LOOK)
    result.delays = [at - began - changes[call_sid][0] for call_sid, at in watcher.seen.items()]
    result.resident = stage.product.resident_bytes()
    result.most_resident = stage.product.resident_bytes(at_most=True)
    return result


class _Watcher:
    """Looks into the database for what is new in the record."""

    def __init__(self, database: Path) -> None:
        self.seen: dict[str, float] = {}
        self._database = database
        (self._last,) = self._rows("SELECT max(id) FROM audit_events")[0]

    def look(self) -> None:
        for number, call_sid in self._rows(_EVENTS, self._last):
            self._last = max(self._last, number)
            self.seen.setdefault(call_sid, time.time())

    def _rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with contextlib.closing(sqlite3.connect(self._database)) as connection:
            return connection.execute(sql, values).fetchall()
