"""How long after the acknowledgement of Approve the POST arrives at PolyAI."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.load import Signed, send
from benchmarks.product import happens
from benchmarks.quantiles import median, p99
from benchmarks.stage import Stage, stage

SAMPLES = 200
AIM = 0.05

_LOOK = 0.01
_AT_A_TIME = 32


@dataclass(frozen=True)
class ApproveToPost:
    """Seconds from ack to POST, one for each approval; below zero where the POST was first."""

    delays: list[float]

    @property
    def median(self) -> float:
        return median(self.delays)

    @property
    def p99(self) -> float:
        return p99(self.delays)

    @property
    def met(self) -> bool:
        return self.p99 < AIM


async def measure_approve_to_post() -> ApproveToPost:
    """One approval at a time: the next when the one before it is concluded."""
    async with stage() as ready:
        await ready.send(ready.product.child, await ready.submissions(SAMPLES), _AT_A_TIME)
        clicks = ready.product.pending()
        await ready.product.child.at_rest()
        acked = [await _approve(ready, signed) for signed in await ready.approvals(clicks)]
        posted = dict(await ready.told("posts"))
    return ApproveToPost(
        [posted[click.partition(":")[0]] - at for click, at in zip(clicks, acked, strict=True)]
    )


async def _approve(ready: Stage, signed: Signed) -> float:
    """Approve one, and wait until PolyAI's answer is recorded; returns when Approve was acknowledged."""

    async def concluded() -> int:
        return ready.product.concluded()

    expected = await concluded() + 1
    batch = await send(ready.session, ready.product.child.url, [signed], at_a_time=1)
    await happens("Approve", concluded, expected, pause=_LOOK)
    return batch.acked_at[0]
