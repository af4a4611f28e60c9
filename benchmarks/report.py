"""The tables of the acknowledgements."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.acks import Acks, measure_acks
from benchmarks.approve_to_post import AIM, ApproveToPost, measure_approve_to_post
from benchmarks.words import met, ms

_NUMBERS = (
    "empty\np50 ms",
    "\np99 ms",
    "ours\np50 ms",
    "\np99 ms",
    "p50\nratio",
    "in each\nturn",
    "empty\n/s",
    "ours\n/s",
    "\nshare",
    "done\n/s",
)


async def ack_tables() -> list[Table]:
    """Measure, and show."""
    acks = await measure_acks()
    return [_acks_table(acks), _post_table(await measure_approve_to_post())]


def _acks_table(acks: list[Acks]) -> Table:
    table = Table(title="From a payload to its acknowledgement", box=SIMPLE_HEAD)
    for name in ("ack of", "at a\ntime"):
        table.add_column(name, no_wrap=True)
    for name in _NUMBERS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("aim")
    for line in acks:
        table.add_row(*_acks_row(line))
    return table


def _acks_row(line: Acks) -> list[str]:
    return [
        line.kind.name,
        str(line.at_a_time),
        *(ms(seconds) for side in (line.empty, line.product) for seconds in (side.median, side.p99)),
        f"{line.ratio:.2f}",
        f"{line.ratios[0]:.2f}-{line.ratios[-1]:.2f}",
        f"{line.empty.throughput:.0f}",
        f"{line.product.throughput:.0f}",
        f"{line.share:.0%}",
        f"{line.done_a_second:.0f}",
        met(line.met),
    ]


def _post_table(result: ApproveToPost) -> Table:
    table = Table("from", "to", "samples", "p50 ms", "p99 ms", "wanted", "aim", box=SIMPLE_HEAD)
    wanted = f"p99 under {AIM * 1000:.0f}"
    measured = (str(len(result.delays)), ms(result.median), ms(result.p99))
    table.add_row("Approve's ack", "PolyAI receives the POST", *measured, wanted, met(result.met))
    return table
