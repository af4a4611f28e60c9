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

    def complete(end: int) -> int:
        """Within the first `end` lines, the last one at which a statement ends."""
        while not _is_toml("\n".join(lines[:end])):
            end -= 1
        return end

    def depth(end: int) -> int:
        return _depth(tomllib.loads("\n".join(lines[: complete(end)])), path)

    deepest = depth(len(lines))
    # A longer text never has less of the path, so the line can be looked for by halves.
    return complete(bisect_left(range(len(lines)), deepest, key=depth) - 1) + 1 if deepest else 1


def _depth(document: Any, path: tuple[str | int, ...]) -> int:
    """How many steps of the path are there."""
    for steps, part in enumerate(path):
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return steps
    return len(path)


def _is_toml(text: str) -> bool:
    """Whether a text is complete, so that what follows it begins a new statement."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
