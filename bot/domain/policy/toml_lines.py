"""Where in a TOML text something is; `tomllib` only tells that of syntax errors."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from typing import Any


class TomlMistake(ValueError):
    """A file that cannot be used: the line in it (from 1), and what is wrong there."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def line_of_error(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line (from 1) of a syntax error; the last one if the text ended too early."""
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else max(1, len(text.splitlines()))


def line_of_path(text: str, path: tuple[str | int, ...]) -> int:
    """The line (from 1) where the first statement about this place begins, in a text that parses.

    `path` has keys and positions in lists, as in `("caps", "marketing", 0, "most")`. For a place that the
    text does not have, it is the line of what is around it; 1 if there is nothing.
    """
    lines = text.splitlines()

    def read(end: int) -> tuple[int, dict[str, Any]]:
        """The statements that are complete within the first `end` lines: where they end, what they say."""
        while True:
            try:
                return end, tomllib.loads("\n".join(lines[:end]))
            except tomllib.TOMLDecodeError:
                end -= 1

    deepest = _depth(read(len(lines))[1], path)
    # A longer text never says less about the path, so the line is found by halving.
    found = bisect_left(range(len(lines)), deepest, key=lambda end: _depth(read(end)[1], path))
    return read(found - 1)[0] + 1 if deepest else 1


def _depth(document: Any, path: tuple[str | int, ...]) -> int:
    """How many steps of the path are there."""
    for steps, part in enumerate(path):
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return steps
    return len(path)
