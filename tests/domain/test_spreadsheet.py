"""What a spreadsheet would run is written so that it does not, and read back as it was."""

from __future__ import annotations

import pytest

from bot.domain.spreadsheet import guarded, unguarded


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "+", "-no", "+1 617"])
def test_what_would_run_gets_an_apostrophe(cell: str) -> None:
    """And loses it again when it is read."""
    assert guarded(cell) == f"'{cell}" and unguarded(f"'{cell}") == cell


@pytest.mark.parametrize("cell", ["+16176451984", "-5", "they rang", "", "a=b", "'tis", "sha256:0a", 5, None])
def test_everything_else_is_written_as_it_is(cell: object) -> None:
    """A whole number with its sign runs nothing, and what reads our lists knows it as it is."""
    assert guarded(cell) == cell
    assert not isinstance(cell, str) or unguarded(cell) == cell
