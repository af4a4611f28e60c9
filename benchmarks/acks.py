"""How long Slack waits for our acknowledgement, next to the empty listener's."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field

from benchmarks.kinds import KINDS, Kind
from benchmarks.load import Batch, Signed
from benchmarks.product import happens
from benchmarks.quantiles import median, p99
from benchmarks.stage import Stage, stage

ROUNDS = 4
TURNS = 4
"""How often a round sends each kind to both apps."""

COUNTS = {1: 30, 32: 160}
"""How many requests a batch has, by how many are under way at a time."""

_LOOK = 0.02

MAX_MEDIAN = 1.5
LEAST_THROUGHPUT = 0.6


@dataclass
class Side:
    """All batches of one kind that one app was sent."""

    batches: list[Batch] = field(default_factory=list)

    @property
    def latencies(self) -> list[float]:
        return [latency for batch in self.batches for latency in batch.latencies]

    @property
    def median(self) -> float:
        return median(self.latencies)

    @property
    def p99(self) -> float:
        return p99(self.latencies)

    @property
    def throughput(self) -> float:
        return len(self.latencies) / sum(batch.seconds for batch in self.batches)


@dataclass
class Acks:
    """One line of the table: the same requests, so many at a time, to the product and to the empty app."""

    kind: Kind
    at_a_time: int
    empty: Side = field(default_factory=Side)
    product: Side = field(default_factory=Side)
    done_in: list[float] = field(default_factory=list)
    """Seconds from the beginning of each of the product's batches until all of it had really happened."""

    @property
    def done_a_second(self) -> float:
        """How many of ours were not only acknowledged but done, each second."""
        return len(self.product.latencies) / sum(self.done_in)

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def ratios(self) -> list[float]:
        """The medians' ratio in each turn, lowest first: how far apart they lie is how noisy it was."""
        return sorted(median(ours.latencies) / median(theirs.latencies) for ours, theirs in self._turns)

    @property
    def share(self) -> float:
        """Our throughput as a share of the empty app's: of all turns the one in the middle."""
        return median([theirs.seconds / ours.seconds for ours, theirs in self._turns])

    @property
    def _turns(self) -> list[tuple[Batch, Batch]]:
        return list(zip(self.product.batches, self.empty.batches, strict=True))

    @property
    def met(self) -> bool:
        fast = self.ratio <= MAX_MEDIAN
        return fast and (self.at_a_time == 1 or self.share >= LEAST_THROUGHPUT)


async def measure_acks(rounds: int = ROUNDS) -> list[Acks]:
    """Every kind, one and many at a time, turn after turn, the two apps alternating in going first."""
    lines = [Acks(kind, at_a_time) for at_a_time in COUNTS for kind in KINDS]
    for _ in range(rounds):
        async with stage() as ready:
            for line, turn in itertools.product(lines, range(TURNS)):
                await _measure(ready, line, empty_first=turn % 2 == 0)
    return lines


async def _measure(ready: Stage, line: Acks, *, empty_first: bool) -> None:
    ours, theirs = [await line.kind.make(ready, COUNTS[line.at_a_time]) for _ in range(2)]
    if empty_first:
        line.empty.batches.append(await ready.send(ready.empty, theirs, line.at_a_time))
    line.product.batches.append(await _send_ours(ready, line, ours))
    if not empty_first:
        line.empty.batches.append(await ready.send(ready.empty, theirs, line.at_a_time))


async def _send_ours(ready: Stage, line: Acks, requests: list[Signed]) -> Batch:
    """Send them to the product, and see to it that what it acknowledged really happened."""
    expected = await line.kind.done(ready) + len(requests)
    batch = await ready.send(ready.product.child, requests, line.at_a_time)
    acked = time.perf_counter()
    if line.kind.durable_when_acked and await line.kind.done(ready) != expected:
        raise RuntimeError(f"{line.kind.name}: acknowledged before it was durable")
    await happens(line.kind.name, lambda: line.kind.done(ready), expected, pause=_LOOK)
    line.done_in.append(batch.seconds + time.perf_counter() - acked)
    return batch
