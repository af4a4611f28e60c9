"""Durations as people write and read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.duration import read_duration, written


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("1s", 1),
        ("30m", 1800),
        ("4h", 14_400),
        ("2d", 172_800),
        (" 7d ", 604_800),
        ("07d", 604_800),
    ],
)
def test_durations_are_read(text: str, seconds: int) -> None:
    """A number and its unit; spaces around it are no matter."""
    assert read_duration(text) == timedelta(seconds=seconds)
    assert read_duration(timedelta(seconds=seconds)) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", "4", "h", "4 h", "4H", "4w", "-4h", "1.5h", "4h30m", "1234567s", "4h\n4h", "٤h", 4, 4.0, None, True],
)
def test_what_is_no_duration_is_refused(text: object) -> None:
    """Nothing is guessed, and the sentence shows how it is written."""
    with pytest.raises(ValueError, match="for example 4h"):
        read_duration(text)


@pytest.mark.parametrize("text", ["0s", "0d", "000h"])
def test_no_time_at_all_is_refused(text: str) -> None:
    """A rule that lasts for nothing would be none."""
    with pytest.raises(ValueError, match="more than zero"):
        read_duration(text)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (604_800, "7 days"),
        (172_800, "2 days"),
        (86_400, "24 hours"),
        (7200, "2 hours"),
        (5400, "90 minutes"),
        (3600, "60 minutes"),
        (120, "2 minutes"),
        (90, "90 seconds"),
        (60, "60 seconds"),
        (2, "2 seconds"),
        (1, "1 second"),
    ],
)
def test_durations_in_words(seconds: int, words: str) -> None:
    """The largest unit of which there are two or more and nothing is left over."""
    assert written(timedelta(seconds=seconds)) == words


@given(st.integers(1, 999_999), st.sampled_from("smhd"))
def test_the_words_say_the_same_time(number: int, unit: str) -> None:
    """Read as it was written, the words are the same duration."""
    duration = read_duration(f"{number}{unit}")
    assert isinstance(duration, timedelta)
    count, name = written(duration).split()
    assert read_duration(f"{int(count) % 1_000_000}{name[0]}") == duration or int(count) >= 1_000_000
