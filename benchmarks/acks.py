"""How long Slack waits for our acknowledgement, next to an empty Bolt app that only acknowledges."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from rich.table import Table

from benchmarks.child import Child
from benchmarks.figures import median, met, ms, p99, table
from benchmarks.load import Batch, Signed
from benchmarks.product import happens
from benchmarks.stage import Stage, stage

ROUNDS = 4
TURNS = 4
"""How often a round sends each kind to both apps."""

COUNTS = {1: 30, 32: 160}
"""How many requests a batch has, by how many are under way at a time."""

MAX_RATIO = 1.5
MAX_FORM = 0.01
MAX_BURST = 0.3

_PAUSE = 0.02


@dataclass(frozen=True)
class Kind:
    """`make` makes so many requests; `done` counts how many have had their effect so far."""

    name: str
    make: Callable[[Stage, int], Awaitable[list[Signed]]]
    done: Callable[[Stage], Awaitable[int]]
    durable_when_acked: bool = False


async def _opened(ready: Stage) -> int:
    return int(await ready.told("opened"))


async def _stored(ready: Stage) -> int:
    return ready.product.requests()


async def _approved(ready: Stage) -> int:
    return ready.product.approved()


async def _approvals(ready: Stage, count: int) -> list[Signed]:
    pending = ready.product.pending()
    if len(pending) < count:
        raise RuntimeError(f"{len(pending)} requests are pending, and {count} are to be approved")
    return await ready.approvals(pending[:count])


KINDS = (
    Kind("/call", Stage.commands, _opened),
    Kind("form", Stage.submissions, _stored, durable_when_acked=True),
    Kind("Approve", _approvals, _approved),
)


@dataclass
class Acks:
    """One line: the same requests, so many at a time, to the product and to the empty app, turn by turn."""

    kind: Kind
    at_a_time: int
    empty: list[Batch] = field(default_factory=list)
    ours: list[Batch] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        """The medians' ratio in each turn, lowest first: how far apart they lie is how noisy it was."""
        turns = zip(self.ours, self.empty, strict=True)
        return sorted(median(ours.latencies) / median(theirs.latencies) for ours, theirs in turns)

    def row(self) -> list[str]:
        ours, empty = ([t for batch in side for t in batch.latencies] for side in (self.ours, self.empty))
        ratio = median(self.ratios)
        wanted, is_met = f"p99 under {MAX_BURST * 1000:.0f} ms", p99(ours) < MAX_BURST
        if self.at_a_time == 1 and self.kind.durable_when_acked:
            wanted, is_met = f"p50 under {MAX_FORM * 1000:.0f} ms", median(ours) < MAX_FORM
        elif self.at_a_time == 1:
            wanted, is_met = f"ratio at most {MAX_RATIO}", ratio <= MAX_RATIO
        return [
            f"{self.kind.name}, {self.at_a_time} at a time",
            *(ms(quantile(side)) for side in (empty, ours) for quantile in (median, p99)),
            f"{ratio:.2f} ({self.ratios[0]:.2f}-{self.ratios[-1]:.2f})",
            wanted,
            met(is_met),
        ]


async def ack_table(rounds: int = ROUNDS) -> Table:
    """Every kind, one and many at a time, turn after turn, the two apps alternating in going first."""
    lines = [Acks(kind, at_a_time) for at_a_time in COUNTS for kind in KINDS]
    for _ in range(rounds):
        async with stage() as ready:
            for line, turn in itertools.product(lines, range(TURNS)):
                await _measure(ready, line, empty_first=turn % 2 == 0)
    columns = (
        "ack of",
        "empty\np50 ms",
        "\np99 ms",
        "ours\np50 ms",
        "\np99 ms",
        "ratio\n(each turn)",
        "wanted",
        "",
    )
    return table("From a payload to its acknowledgement", columns, [line.row() for line in lines])


async def _measure(ready: Stage, line: Acks, *, empty_first: bool) -> None:
    ours, theirs = [await line.kind.make(ready, COUNTS[line.at_a_time]) for _ in range(2)]
    if empty_first:
        line.empty.append(await _send(ready, line, ready.empty, theirs))
    line.ours.append(await _send(ready, line, ready.product, ours))
    if not empty_first:
        line.empty.append(await _send(ready, line, ready.empty, theirs))


async def _send(ready: Stage, line: Acks, to: Child, requests: list[Signed]) -> Batch:
    """Send them, and see to it that what the product acknowledged really happened.

    One at a time is one person: the next comes when what the one before led to has happened, or as much later
    for the empty app, for a process that is always busy answers faster.
    """
    sent, size = Batch([], [], 0.0), 1 if line.at_a_time == 1 else len(requests)
    await ready.product.at_rest()
    for start in range(0, len(requests), size):
        some = requests[start : start + size]
        expected = await line.kind.done(ready) + len(some)
        batch = await to.send(some, line.at_a_time)
        if to is ready.empty:
            await asyncio.sleep(_PAUSE)
        else:
            if line.kind.durable_when_acked and await line.kind.done(ready) != expected:
                raise RuntimeError(f"{line.kind.name}: acknowledged before it was durable")
            await happens(line.kind.name, lambda: line.kind.done(ready), expected, pause=_PAUSE)
        sent = Batch(
            sent.latencies + batch.latencies, sent.acked_at + batch.acked_at, sent.seconds + batch.seconds
        )
    return sent


SAMPLES = 200
MAX_TO_POST = 0.05
"""Seconds from the acknowledgement of Approve to the POST's arrival at PolyAI, at the 99th percentile."""


async def approve_to_post_table() -> Table:
    """One approval at a time: the next when the one before it is concluded."""
    async with stage() as ready:
        await ready.send(ready.product, await ready.submissions(SAMPLES), 32)
        clicks, acked = ready.product.pending(), list[float]()
        for signed in await ready.approvals(clicks):
            expected = ready.product.concluded() + 1
            batch = await ready.send(ready.product, [signed], 1)
            acked.append(batch.acked_at[0])
            await happens("Approve", ready.concluded, expected, pause=0.01)
        posted = dict(await ready.told("posts"))
    delays = [posted[click.partition(":")[0]] - at for click, at in zip(clicks, acked, strict=True)]
    row = [str(len(delays)), ms(median(delays)), ms(p99(delays)), f"p99 under {MAX_TO_POST * 1000:.0f} ms"]
    columns = ("Approve's ack to PolyAI's POST", "samples", "p50 ms", "p99 ms", "wanted", "")
    return table("", columns, [["", *row, met(p99(delays) < MAX_TO_POST)]])


async def measure() -> list[Table]:
    began = time.monotonic()
    tables = [await ack_table(), await approve_to_post_table()]
    tables[-1].caption = f"measured in {time.monotonic() - began:.0f} s"
    return tables
