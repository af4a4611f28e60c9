"""A moment on the recipient's clock, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.policy.recipients_clock import where_they_are

BOSTON, CHICAGO = "America/New_York", "America/Chicago"


@pytest.mark.parametrize(
    ("zones", "said"),
    [
        ((), ""),
        ((BOSTON,), " (Wed 5 Aug, 00:30 where the recipient is)"),
        ((BOSTON, "America/Toronto"), " (Wed 5 Aug, 00:30 where the recipient is)"),
        (
            (BOSTON, CHICAGO),
            " (between Tue 4 Aug, 23:30 and Wed 5 Aug, 00:30 where the recipient is)",
        ),
    ],
)
def test_a_moment_where_they_are(zones: tuple[str, ...], said: str) -> None:
    """With its day; the earliest and the latest where the zones differ, nothing where none is known."""
    assert where_they_are(datetime(2026, 8, 5, 4, 30, tzinfo=UTC), zones) == said
