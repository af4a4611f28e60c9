"""HTTP mode: the process dies where that differs from Socket Mode, which is where Slack is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.dying import die_at, places

ANSWERED_AND_NOT_SENT = [place for place in places(commits=False) if place.startswith("after ack of ")]
"""Over HTTP an acknowledgement leaves only when its listener's request is answered: after this place."""

STORED_AND_NOT_ANSWERED = [
    "before commit of submitted",
    "after commit of submitted",
    "after commit of approved",
]


@pytest.mark.parametrize("place", [*ANSWERED_AND_NOT_SENT, *STORED_AND_NOT_ANSWERED])
async def test_dying_there_over_http_breaks_no_promise(tmp_path: Path, place: str) -> None:
    """An acknowledgement is the answer to a request here, and dies with it: every promise holds."""
    await die_at(place, tmp_path, http=True)
