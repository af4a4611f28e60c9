"""The process dies before and after everything it sends, one test each, and every promise holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.dying import die_at, places
from tests.crash.places import every_effect
from tests.crash.stories import STORIES

LATER = ["before chat_postMessage:2", "after chat_postMessage:2", "after chat_update:2"]
"""The second time, where it is not the same: a thread's first line, the card's second edit."""


def test_every_effect_has_a_story() -> None:
    """An effect that the code has and no story reaches is found here, and a story about nothing too."""
    told = {effect for story in STORIES.values() for effect in story.has}
    assert told == every_effect()


@pytest.mark.parametrize("place", [*places(commits=False), *LATER])
async def test_dying_there_breaks_no_promise(tmp_path: Path, place: str) -> None:
    """Died there and started again: at most one call, none forgotten, card, thread and record in step."""
    await die_at(place, tmp_path)
