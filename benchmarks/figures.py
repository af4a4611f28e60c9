"""The two numbers that say how long something takes, and how they are written."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.table import Table


def median(values: list[float]) -> float:
    return statistics.median(values)


def p99(values: list[float]) -> float:
    """99 of 100 are at most this."""
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def met(is_met: bool) -> str:
    return "[green]met[/]" if is_met else "[red]missed[/]"


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """The first column holds words, the others numbers."""
    made = Table(title=title, box=SIMPLE_HEAD)
    for number, name in enumerate(columns):
        made.add_column(name, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        made.add_row(*row)
    return made
