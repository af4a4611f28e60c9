"""The process dies before and after every commit, one test each, and every promise holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.dying import die_at, places


@pytest.mark.parametrize("place", places(commits=True))
async def test_dying_there_breaks_no_promise(tmp_path: Path, place: str) -> None:
    """Died there and started again: at most one call, none forgotten, card, thread and record in step."""
    await die_at(place, tmp_path)
