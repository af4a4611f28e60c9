"""Cells of a CSV file that a spreadsheet would run as a formula, or make another thing of."""

from __future__ import annotations

import re

# A phone number or another whole number is only a number, whatever its sign.
_RUN = re.compile(r"(?![+-][0-9]+\Z)[=+\-@\t\r]")
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")


def guarded(cell: object) -> object:
    """The cell with an apostrophe before it, where a spreadsheet would run it; else as it is."""
    return f"'{cell}" if isinstance(cell, str) and _RUN.match(cell) else cell


def unguarded(cell: str) -> str:
    """What the cell was before `guarded`."""
    return cell[1:] if _GUARDED.match(cell) else cell
