"""Keeps the last run in docs/benchmarks.md."""

from __future__ import annotations

import re
from pathlib import Path

from rich.console import Console

from benchmarks.report import WIDTH, Report

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

_BLOCK = re.compile(r"(<!-- last run -->\n).*?(<!-- end of last run -->)", re.DOTALL)


def write(report: Report) -> None:
    """Put the run into the page, in place of the one before."""
    block = f"{_origin(report)}\n\n```text\n{_tables(report)}\n```\n"
    PAGE.write_text(_BLOCK.sub(lambda found: found[1] + block + found[2], PAGE.read_text()))


def _origin(report: Report) -> str:
    return "\n".join(f"- {name}: {value}" for name, value in report.machine.items())


def _tables(report: Report) -> str:
    console = Console(width=WIDTH, no_color=True)
    with console.capture() as captured:
        report.show(console)
    return "\n".join(line.rstrip() for line in captured.get().strip("\n").splitlines())
