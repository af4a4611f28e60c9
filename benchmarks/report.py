"""The table: on the terminal, and as a block of docs/benchmarks.md."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.acks import Acks
from benchmarks.approve_to_post import AIM, ApproveToPost
from benchmarks.machine import machine

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
WIDTH = 112

_BLOCK = re.compile(r"(<!-- last run -->\n).*?(<!-- end of last run -->)", re.DOTALL)


@dataclass(frozen=True)
class Report:
    """Everything that one run measured."""

    acks: list[Acks]
    approve_to_post: ApproveToPost

    def show(self, console: Console) -> None:
        """Print it."""
        console.print(_acks_table(self.acks))
        console.print(_post_table(self.approve_to_post))

    def write(self) -> None:
        """Put it into the page, in place of the run before."""
        console = Console(file=io.StringIO(), width=WIDTH, no_color=True)
        self.show(console)
        shown = console.file.getvalue() if isinstance(console.file, io.StringIO) else ""
        origin = "\n".join(f"- {name}: {value}" for name, value in machine().items())
        table = "\n".join(line.rstrip() for line in shown.splitlines())
        block = f"{origin}\n\n```text\n{table}\n```\n"
        PAGE.write_text(_BLOCK.sub(lambda found: found[1] + block + found[2], PAGE.read_text()))


def _acks_table(acks: list[Acks]) -> Table:
    table = Table(title="From a payload to its acknowledgement (ms, and requests a second)")
    for name in ("ack of", "at a time"):
        table.add_column(name)
    for name in ("empty p50", "p99", "ours p50", "p99", "ratio", "by round", "empty /s", "ours /s", "share"):
        table.add_column(name, justify="right")
    table.add_column("aim")
    for line in acks:
        table.add_row(*_acks_row(line), end_section=line is acks[len(acks) // 2 - 1])
    return table


def _acks_row(line: Acks) -> list[str]:
    return [
        line.kind.name,
        str(line.at_a_time),
        *(_ms(seconds) for side in (line.empty, line.product) for seconds in (side.median, side.p99)),
        f"{line.ratio:.2f}",
        f"{line.ratios[0]:.2f}-{line.ratios[-1]:.2f}",
        f"{line.empty.throughput:.0f}",
        f"{line.product.throughput:.0f}",
        f"{line.throughput_ratio:.0%}",
        _met(line.met),
    ]


def _post_table(result: ApproveToPost) -> Table:
    table = Table("from", "to", "samples", "p50 ms", "p99 ms", "aim ms", "aim")
    wanted = f"p99 < {AIM * 1000:.0f}"
    measured = (str(len(result.delays)), _ms(result.median), _ms(result.p99))
    table.add_row("Approve's ack", "PolyAI receives the POST", *measured, wanted, _met(result.met))
    return table


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def _met(met: bool) -> str:
    return "[green]met[/]" if met else "[red]missed[/]"
