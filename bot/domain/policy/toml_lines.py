"""Where in a TOML text something stands; `tomllib` only says so of syntax errors."""

from __future__ import annotations

import re
import tomllib
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


def line_of(text: str, table: str, index: int | None, key: str | None) -> int:
    """The line (from 1) of a key in the `index`th `[[table]]` of a text that parses.

    Of the table's own header, if there is no such key in it; with no index, of a key or a table at the
    top; 1 if there is none. What only looks like a header or a key, within a string of several lines, is
    not taken for one.
    """
    lines = text.splitlines()
    headers = _statements(lines, rf"\s*\[\[\s*{_quoted(table)}\s*\]\]", 1, len(lines))
    if index is None or index >= len(headers):
        wanted = key if index is None and key else table
        return _line_at_the_top(lines, min(headers, default=len(lines)), wanted)
    end = headers[index + 1] - 1 if index + 1 < len(headers) else len(lines)
    found = _statements(lines, rf"\s*{_quoted(key)}\s*[=.]", headers[index] + 1, end) if key else []
    return next(iter(found), headers[index])


def line_of_path(text: str, path: tuple[str | int, ...]) -> int:
    """The line (from 1) where the statement begins that first says something about this place.

    `path` are keys and positions in lists, as in `("caps", "marketing", 0, "most")`. Of a place that the
    text does not have, it is the line of what is around it; 1 if there is nothing.
    """
    lines = text.splitlines()
    found, deepest, begin = 1, 0, 1
    for end in range(1, len(lines) + 1):
        head = "\n".join(lines[:end])
        if _is_toml(head):
            depth = _depth(tomllib.loads(head), path)
            if depth > deepest:
                found, deepest = begin, depth
            begin = end + 1
    return found


def _depth(document: Any, path: tuple[str | int, ...]) -> int:
    """How many steps of the path are there."""
    for steps, part in enumerate(path):
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return steps
    return len(path)


def _line_at_the_top(lines: list[str], end: int, key: str) -> int:
    keys = _statements(lines, rf"\s*{_quoted(key)}\s*[=.]", 1, end)
    tables = _statements(lines, rf"\s*\[\[?\s*{_quoted(key)}\s*[\].]", 1, len(lines))
    return next(iter(keys + tables), 1)


def _quoted(key: str) -> str:
    return rf"[\"']?{re.escape(key)}[\"']?"


def _statements(lines: list[str], pattern: str, start: int, end: int) -> list[int]:
    """The lines from `start` to `end` that match, and at which a statement begins."""
    matching = (number for number in range(start, end + 1) if re.match(pattern, lines[number - 1]))
    return [number for number in matching if _is_toml("\n".join(lines[: number - 1]))]


def _is_toml(text: str) -> bool:
    """Whether a text stands by itself, so that what follows it begins a new statement."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
