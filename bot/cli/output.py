"""Where a command writes what it exports."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from bot.domain.errors import Misconfigured


class Format(StrEnum):
    """How rows are written."""

    JSONL = "jsonl"
    CSV = "csv"


@contextmanager
def target(output: Path | None) -> Iterator[TextIO]:
    """The file, made for its owner only, as the database is; or standard output.

    Raises:
        Misconfigured: it cannot be written.
    """
    descriptor = os.dup(sys.stdout.fileno()) if output is None else _create_private(output)
    # What somebody damaged is written as it is, too.
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        yield file


def _create_private(output: Path) -> int:
    try:
        return os.open(output, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    except OSError as error:
        raise Misconfigured(f"{output} cannot be written: {error.strerror}.") from None
