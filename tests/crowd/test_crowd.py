"""A small crowd; `make crowd` has a thousand."""

from __future__ import annotations

from pathlib import Path

from tests.crowd.report import broken
from tests.crowd.run import run


async def test_calls_that_end_together_are_told_as_fast_as_slack_allows(tmp_path: Path) -> None:
    """Forty in one channel: no 429, and every end is on its card and in its thread in time."""
    # Beside other tests the clock must not run too fast: what a busy machine delays counts so many times.
    outcome = await run(tmp_path, 40, 4.0, lambda _: None)
    assert broken(outcome) == []
