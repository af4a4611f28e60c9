"""Keeps the last run of each section in docs/benchmarks.md."""

from __future__ import annotations

import re
from pathlib import Path

from rich.console import Console
from rich.table import Table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
WIDTH = 116


def write(section: str, machine: dict[str, str], tables: list[Table]) -> None:
    """Put the run into the page, in place of the section's one before."""
    origin = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    block = f"{origin}\n\n```text\n{_text(tables)}\n```\n"
    kept = re.compile(rf"(<!-- last run: {section} -->\n).*?(<!-- end of {section} -->)", re.DOTALL)
    PAGE.write_text(kept.sub(lambda found: found[1] + block + found[2], PAGE.read_text()))


def _text(tables: list[Table]) -> str:
    console = Console(width=WIDTH, no_color=True)
    with console.capture() as captured:
        console.print(*tables)
    return "\n".join(line.rstrip() for line in captured.get().strip("\n").splitlines())
