"""Where in a TOML text something stands; `tomllib` only says so of syntax errors."""

from __future__ import annotations

import re
import tomllib


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

    Of the table's own header, if there is no such key in it; with no index, of a key before any table.
    What only looks like a header or a key, within a string of several lines, is not taken for one.
    """
    lines = text.splitlines()
    headers = [0, *_statements(lines, rf"\s*\[\[\s*[\"']?{table}[\"']?\s*\]\]", 1, len(lines))]
    at = 0 if index is None else index + 1
    if at >= len(headers):
        return _first(_statements(lines, rf"\s*[\"']?{table}\b", 1, len(lines)))
    start = headers[at] + 1
    end = headers[at + 1] - 1 if at + 1 < len(headers) else len(lines)
    wanted = rf"\s*\[?[\"']?{re.escape(key)}[\"']?\s*[=.\]]" if key is not None else r"(?!)"
    return next(iter(_statements(lines, wanted, start, end)), max(1, headers[at]))


def _statements(lines: list[str], pattern: str, start: int, end: int) -> list[int]:
    matching = (number for number in range(start, end + 1) if re.match(pattern, lines[number - 1]))
    return [number for number in matching if _is_toml("\n".join(lines[: number - 1]))]


def _is_toml(text: str) -> bool:
    """Whether a text stands by itself, so that what follows it begins a new statement."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _first(numbers: list[int]) -> int:
    return numbers[0] if numbers else 1
