"""The table of a long history."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.history import FEW, MANY, measure_history
from benchmarks.policy_on_record import AIM
from benchmarks.quantiles import median, p99
from benchmarks.side_by_side import MAX_RATIO, Line
from benchmarks.words import met, ms


async def history_tables() -> list[Table]:
    """Measure, and show."""
    seen = await measure_history()
    title = f"{MANY:,} finished calls on record ({seen.bytes / 1e9:.1f} GB), next to {FEW:,}"
    table = Table("what", title=title, box=SIMPLE_HEAD)
    for name in (
        "times",
        f"{FEW:,}\np50 ms",
        "\np99 ms",
        f"{MANY:,}\np50 ms",
        "\np99 ms",
        "p50\nratio",
        "wanted",
    ):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("aim")
    for line in seen.lines:
        table.add_row(*_row(line))
    return [table, _policy(seen.policy)]


def _policy(seconds: list[float]) -> Table:
    title = f"The whole dialing policy for one request, with {MANY:,} suppressed numbers as well"
    table = Table("what", "times", "p50 ms", "p99 ms", "wanted", "aim", title=title, box=SIMPLE_HEAD)
    numbers = [f"{quantile(seconds) * 1000:.2f}" for quantile in (median, p99)]
    wanted = f"p50 under {AIM * 1000:.0f}"
    table.add_row(
        "records read, every rule asked", str(len(seconds)), *numbers, wanted, met(median(seconds) < AIM)
    )
    return table


def _row(line: Line) -> list[str]:
    numbers = [ms(quantile(side)) for side in (line.few, line.many) for quantile in (median, p99)]
    aim = [f"at most {MAX_RATIO}", met(line.met)] if line.aimed_at else ["", ""]
    return [line.what, str(len(line.few)), *numbers, f"{line.ratio:.2f}", *aim]
