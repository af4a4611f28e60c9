"""How many polls a second: the product with more calls than it can follow, next to the bare loop."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field

from benchmarks.busy_polyai import TOKEN
from benchmarks.busy_stage import BusyStage, busy_stage
from benchmarks.child import REPOSITORY
from benchmarks.quantiles import median

CALLS = 50_000
TURNS = 4
SECONDS = 5.0
LEAST_SHARE = 0.8

_SETTLE = 2.0


@dataclass
class Loop:
    """Polls a second in each turn, and the CPU that they took in all."""

    rates: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0

    @property
    def milliseconds(self) -> float:
        """CPU a poll."""
        return 1000 * self.cpu_seconds / (sum(self.rates) * SECONDS)


@dataclass
class Polling:
    """The product and the bare loop, turn by turn."""

    product: Loop = field(default_factory=Loop)
    bare: Loop = field(default_factory=Loop)

    @property
    def share(self) -> float:
        """Ours of the bare loop's: of all turns the one in the middle."""
        return median(
            [ours / theirs for ours, theirs in zip(self.product.rates, self.bare.rates, strict=True)]
        )

    @property
    def met(self) -> bool:
        return self.share >= LEAST_SHARE


async def measure_polling() -> Polling:
    """While the one asks the other stands still."""
    result = Polling()
    async with busy_stage(CALLS, lambda _call_sids: {}) as stage:
        await asyncio.sleep(_SETTLE)
        for _ in range(TURNS):
            await _product(stage, result.product)
            stage.product.pause()
            await _bare(stage, result.bare)
            stage.product.go_on()
            await asyncio.sleep(_SETTLE)
    return result


async def _product(stage: BusyStage, loop: Loop) -> None:
    used, before, began = stage.product.cpu_seconds(), await stage.polls(), time.perf_counter()
    await asyncio.sleep(SECONDS)
    loop.rates.append((await stage.polls() - before) / (time.perf_counter() - began))
    loop.cpu_seconds += stage.product.cpu_seconds() - used


async def _bare(stage: BusyStage, loop: Loop) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.bare_polls"),
        *(stage.polyai.url, TOKEN, str(stage.call_sids), str(SECONDS)),
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
    )
    polls, cpu_seconds = (await process.communicate())[0].split()
    loop.rates.append(int(polls) / SECONDS)
    loop.cpu_seconds += float(cpu_seconds)
