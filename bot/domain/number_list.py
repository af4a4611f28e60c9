"""A list of phone numbers in a file: CSV, or one number a line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.errors import InvalidFields
from bot.domain.phone_number import TwoReadings, to_e164
from bot.domain.visible import shown

FORGOTTEN = re.compile(r"sha256:[0-9a-f]{64}")
"""How a forgotten number is written on the suppression list, and in its export."""

_NUMBER_COLUMNS = frozenset({"number", "phone", "phone number", "phone_number", "telephone", "to_number"})
_WHY_COLUMNS = frozenset({"why", "reason"})


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


@dataclass(frozen=True)
class _Columns:
    number: int = 0
    why: int | None = 1


def read_list(lines: Iterable[str], country: str | None = None) -> Iterator[ListedNumber | BadLine]:
    """Read the lines of a file, one after the other; empty ones are skipped.

    A first line without digits names the columns; without one they are the number and why. Columns are
    separated by commas, semicolons or tabs. Numbers begin with +, unless the `country` (two letters) of those
    that do not is given. Each line is read by itself, so that an open quote spoils no other line.
    """
    delimiter, columns = "", _Columns()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        delimiter = delimiter or next((mark for mark in ";\t" if mark in line), ",")
        try:
            row = next(csv.reader([line], delimiter=delimiter, strict=True))
            if number == 1 and not any(character.isdigit() for character in line):
                columns = _read_header(row)
            else:
                yield _read_row(row, columns, country)
        except TwoReadings as error:
            yield BadLine(number, error.masked)
        except InvalidFields as error:
            yield BadLine(number, error.sentence)
        except csv.Error:
            yield BadLine(number, "A quote in it is not closed, or is not around a whole cell.")


def _read_header(row: list[str]) -> _Columns:
    names = [name.strip().lower() for name in row]
    numbers = [index for index, name in enumerate(names) if name in _NUMBER_COLUMNS]
    whys = [index for index, name in enumerate(names) if name in _WHY_COLUMNS]
    if len(numbers) != 1:
        raise InvalidFields({"to_number": "No column, or more than one, is called number."})
    return _Columns(numbers[0], whys[0] if whys else None)


def _read_row(row: list[str], columns: _Columns, country: str | None) -> ListedNumber:
    cells = dict(enumerate(row))
    typed = cells.get(columns.number, "").strip()
    why = "" if columns.why is None else shown(cells.get(columns.why, ""))
    return ListedNumber(typed if FORGOTTEN.fullmatch(typed) else to_e164(typed, country), why)
