"""A small crowd; `make crowd` has a thousand."""

from __future__ import annotations

from pathlib import Path

from tests.crowd.report import broken
from tests.crowd.run import run


async def test_calls_that_end_together_are_told_as_fast_as_slack_allows(tmp_path: Path) -> None:
    """Forty in one channel: no 429, and every end is on its card and in its thread without a long wait."""
    outcome = await run(tmp_path, 40, 10.0, lambda _: None)
    # How fast it is, `make crowd` says; beside other tests a second here is a tenth of a real one.
    assert broken(outcome, at_most=2.0) == []
