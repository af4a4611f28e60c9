"""The tables of calls in progress and of polls."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.in_progress import CALLS, MAX_ACK, MAX_BYTES, MAX_DELAY, InProgress, measure_in_progress
from benchmarks.polling import LEAST_SHARE, Polling, measure_polling
from benchmarks.quantiles import median, p99
from benchmarks.words import met, ms


async def load_tables() -> list[Table]:
    """Measure, and show."""
    in_progress = _in_progress(await measure_in_progress())
    return [in_progress, _polling(await measure_polling())]


def _in_progress(seen: InProgress) -> Table:
    table = Table("what", "measured", "wanted", "aim", title=f"{CALLS:,} calls in progress", box=SIMPLE_HEAD)
    delays = f"p50 {median(seen.delays):.1f} s, p99 {p99(seen.delays):.1f} s, worst {max(seen.delays):.1f} s"
    acks = f"p50 {ms(median(seen.acks))} ms, p99 {ms(p99(seen.acks))} ms"
    memory = f"{seen.resident / 1e6:.0f} MB, at most {seen.most_resident / 1e6:.0f} MB"
    table.add_row("statuses seen", f"{len(seen.delays):,} of {seen.changes:,}", "all", met(seen.all_seen))
    table.add_row(
        "from PolyAI's change to our record", delays, f"all within {MAX_DELAY:.0f} s", met(seen.in_time)
    )
    table.add_row("ack of /call meanwhile", acks, f"p99 under {MAX_ACK * 1000:.0f} ms", met(seen.heard))
    table.add_row("memory of the product", memory, f"under {MAX_BYTES / 1e6:.0f} MB", met(seen.small))
    table.add_row("polls", f"{seen.polls_per_second:,.0f} a second", "", "")
    table.add_row("CPU of the product", f"{seen.cores:.2f} cores", "", "")
    table.add_row("CPU of the PolyAI that is asked", f"{seen.polyai_cores:.2f} cores", "", "")
    return table


def _polling(seen: Polling) -> Table:
    title = "Polls a second, as many as one core can"
    table = Table("", "product", "bare loop", "share", "wanted", "aim", title=title, box=SIMPLE_HEAD)
    rates = [
        f"{median(each):,.0f} (" + ", ".join(f"{rate:,.0f}" for rate in each) + ")"
        for each in (seen.product.rates, seen.bare.rates)
    ]
    table.add_row("polls a second", *rates, f"{seen.share:.0%}", f"at least {LEAST_SHARE:.0%}", met(seen.met))
    costs = [each.milliseconds for each in (seen.product, seen.bare)]
    table.add_row("CPU a poll", *(f"{cost:.3f} ms" for cost in costs), f"{costs[1] / costs[0]:.0%}", "", "")
    return table
