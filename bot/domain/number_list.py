"""A list of phone numbers in a file: CSV, or one number a line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from bot.domain.errors import InvalidFields, Refused
from bot.domain.phone_number import TwoReadings, to_e164
from bot.domain.spreadsheet import unguarded
from bot.domain.visible import shown

FORGOTTEN = re.compile(r"sha256:[0-9a-f]{64}")
"""How a forgotten number is written on the suppression list, and in its export."""

_DELIMITERS = ",;\t"

_HEAD = 10
"""Lines at the beginning of the file, among which is the one that names the columns, if any does."""

_NUMBER_COLUMNS = frozenset(
    {"number", "phone", "phone number", "telephone", "telephone number", "to number", "tel"}
    | {"mobile", "mobile number", "mobile phone", "cell", "cell phone", "cell number"}
)
_WHY_COLUMNS = frozenset({"why", "reason"})
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_COUNTED = re.compile(r" ?[0-9]+\Z")

_MOST_DIGITS_OF_NAMES = 4
"""Digits in a line that names columns, such as Phone 1 and Phone 2. With more it has a number in it."""

# What could be taken for a number: nine digits, or a plus. A date has eight.
_LIKE_A_NUMBER = re.compile(r"\s*\+[\d\s().\-/]+|(?:[\s().\-/]*\d){9,}[\s().\-/]*")


@dataclass(frozen=True)
class Layout:
    """Which column has the numbers and which the reasons, and from which line on."""

    delimiter: str
    number: int = 0
    why: int | None = 1
    name: str = ""
    first_line: int = 1

    @property
    def sentence(self) -> str:
        """It, for the person whose list it is."""
        if not self.name:
            return "No line names the columns, so the numbers are taken from the first."
        above = " What is above that line is left out." if self.first_line > 2 else ""
        return f'The numbers are taken from column {self.number + 1}, which is called "{self.name}".{above}'


@dataclass(frozen=True)
class ListedNumber:
    """A number (E.164, or the hash of a forgotten one), and why it is on the list if the file says so."""

    number: str
    why: str


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be read, and what is wrong with it, without its content."""

    line: int
    reason: str


def read_list(lines: Iterable[str], country: str | None = None) -> Iterator[Layout | ListedNumber | BadLine]:
    """Read the lines of a file, one after the other, after how they are read; empty ones are skipped.

    One of the first lines may name the columns; else they are the number and why. Columns are separated by
    commas, semicolons or tabs. Numbers begin with +, unless the `country` (two letters) of those that do not
    is given. Each line is read by itself, so that an open quote spoils no other line.

    Raises:
        Refused: more than one column could be the one of the numbers, or none of those that are named.
    """
    remaining = iter(lines)
    head = list(islice(remaining, _HEAD))
    layout = _named(head) or _unnamed(head)
    yield layout
    for number, line in enumerate(chain(head, remaining), start=1):
        if number >= layout.first_line and line.strip():
            yield _read_line(number, line, layout, country)


def _named(head: list[str]) -> Layout | None:
    """As one of the lines names it, which has no number in it nor above it."""
    for index, line in enumerate(head):
        delimiter = next((mark for mark in _DELIMITERS if any(map(_is_of_numbers, _split(line, mark)))), None)
        if delimiter is None or sum(c.isdigit() for c in line) > _MOST_DIGITS_OF_NAMES:
            continue
        if any(_numbers_in(above, delimiter) for above in head[:index]):
            raise Refused(f"Line {index + 1} names the columns below a number: make it the first line.")
        return _layout(_split(line, delimiter), delimiter, index + 2)
    return None


def _layout(names: list[str], delimiter: str, first_line: int) -> Layout:
    numbers = [at for at, name in enumerate(names) if _is_of_numbers(name)]
    if len(numbers) > 1:
        both = " or ".join(f'"{shown(names[at])}"' for at in numbers)
        raise Refused(f"The numbers could be in {both}: delete or rename all of these columns but one.")
    why = next((at for at, name in enumerate(names) if _plain(name) in _WHY_COLUMNS), None)
    return Layout(delimiter, numbers[0], why, shown(names[numbers[0]]), first_line)


def _unnamed(head: list[str]) -> Layout:
    """Number and reason, separated by what leaves a number in front of it."""
    written = [line for line in head if line.strip()]
    if written and not any(c.isdigit() for c in written[0]):
        raise Refused('No column is called "number": in the first line, call the column of the numbers that.')
    splits = [
        (mark, line) for line in written for mark in _DELIMITERS if mark in line and _begins(line, mark)
    ]
    usual = next((mark for mark in ";\t" if written and mark in written[0]), ",")
    delimiter = splits[0][0] if splits else usual
    if any(_numbers_in(line, delimiter) > 1 for line in written):
        raise Refused('Two cells of a line could be the number: add a first line that calls one "number".')
    return Layout(delimiter)


def _begins(line: str, delimiter: str) -> bool:
    """Whether a number stands in the first cell."""
    cells = _split(line, delimiter)
    return bool(cells) and _like_a_number(cells[0])


def _numbers_in(line: str, delimiter: str) -> int:
    return sum(map(_like_a_number, _split(line, delimiter)))


def _like_a_number(cell: str) -> bool:
    return bool(_LIKE_A_NUMBER.fullmatch(cell) or FORGOTTEN.fullmatch(cell.strip()))


def _split(line: str, delimiter: str) -> list[str]:
    """The cells; none where the line cannot be split like that."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return []


def _is_of_numbers(name: str) -> bool:
    return _plain(name) in _NUMBER_COLUMNS


def _plain(name: str) -> str:
    """`Phone_number 2` is a phone number."""
    return _COUNTED.sub("", _BETWEEN_WORDS.sub(" ", name.lower()).strip())


def _read_line(number: int, line: str, layout: Layout, country: str | None) -> ListedNumber | BadLine:
    try:
        row = next(csv.reader([line], delimiter=layout.delimiter, strict=True))
        return _read_row(row, layout, country)
    except TwoReadings as error:
        return BadLine(number, error.masked)
    except InvalidFields as error:
        return BadLine(number, error.sentence)
    except csv.Error:
        return BadLine(number, "A quote in it is not closed, or is not around a whole cell.")


def _read_row(row: list[str], layout: Layout, country: str | None) -> ListedNumber:
    cells = dict(enumerate(row))
    typed = cells.get(layout.number, "").strip()
    why = "" if layout.why is None else shown(unguarded(cells.get(layout.why, "")))
    return ListedNumber(typed if FORGOTTEN.fullmatch(typed) else to_e164(typed, country), why)
