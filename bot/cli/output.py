"""Where a command writes what it exports."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from bot.domain.errors import Misconfigured

_WIDEST = 1_000
"""Columns of a terminal; a row takes about a hundred."""


class Format(StrEnum):
    """How rows are written."""

    JSONL = "jsonl"
    CSV = "csv"


@contextmanager
def target(output: Path | None) -> Iterator[TextIO]:
    """The file, made for its owner only, as the database is; or standard output.

    Raises:
        Misconfigured: it cannot be written, or not to its end.
    """
    try:
        with _opened(output) as file:
            yield file
    except OSError as error:
        raise unwritable(output, error) from None


def unwritable(output: Path | None, error: OSError) -> Misconfigured:
    """The sentence for it; None is standard output."""
    name = output or "Standard output"
    return Misconfigured(f"{name} cannot be written: {error.strerror}. What is in it is not complete.")


def print_whole(table: Table) -> None:
    """Print it as wide as it is: an id that was cut to fit is of no use to anybody."""
    console = Console(markup=False)
    wanted = Measurement.get(console, console.options.update(max_width=_WIDEST), table).maximum
    console.width = max(console.width, wanted)
    console.print(table)


def _opened(output: Path | None) -> TextIO:
    descriptor = (
        os.dup(sys.stdout.fileno())
        if output is None
        else os.open(output, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    )
    # What somebody damaged is written as it is, too.
    return os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="")
