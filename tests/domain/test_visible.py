"""Text as it is seen: nothing hidden is kept, and nothing that is seen is lost."""

from __future__ import annotations

import string

import pytest

from bot.domain.errors import InvalidFields
from bot.domain.visible import is_hidden, read_line, shown

HIDDEN = [chr(code) for code in (0, 0x1B, 0x7F, 0x202E, 0x2066, 0x200B, 0xFEFF, 0x3164, 0x2800)]


@pytest.mark.parametrize("character", HIDDEN)
def test_a_hidden_character_is_taken_out(character: str) -> None:
    """With a blank in its place, also where all the rest is ASCII, or none of it."""
    assert is_hidden(character)
    assert shown(f"a{character}b") == "a b" and shown(f"ä{character}ö") == "ä ö"
    with pytest.raises(InvalidFields) as refused:
        read_line(f"a{character}b{character}c", "why", 300)
    assert set(refused.value.errors) == {"why"}


@pytest.mark.parametrize("code", [0x2028, 0x2029, 0xD800, 0xDFFF])
def test_what_breaks_a_line_or_is_no_character_is_hidden(code: int) -> None:
    """Separators of lines and paragraphs, and halves of surrogate pairs."""
    assert is_hidden(f"a{chr(code)}b") and shown(f"a{chr(code)}b") == "a b"


def test_no_character_of_a_keyboard_is_hidden() -> None:
    """Every ASCII letter, digit and sign, also next to something that is none."""
    everything = string.ascii_letters + string.digits + string.punctuation
    assert not is_hidden(everything) and shown(f"ä{everything}") == f"ä{everything}"


@pytest.mark.parametrize("text", ["no answer", "Größe", "العربية", "👩\u200d⚕️", "क\u200dष"])
def test_what_can_be_seen_stays(text: str) -> None:
    """Every script and emoji, with the joiners that they need."""
    assert not is_hidden(text) and shown(text) == text == read_line(text, "why", 300)


def test_a_line_is_one_line() -> None:
    """Blanks and line breaks of any number are one blank."""
    for blank in ("\n", " ", "\u2028", "\u2029", "\t \r\n"):
        assert shown(f" a{blank} b ") == read_line(f" a{blank} b ", "why", 300) == "a b"


def test_a_line_has_its_length() -> None:
    """As many characters as are allowed, and not one more."""
    assert read_line("a" * 300, "why", 300) == "a" * 300
    with pytest.raises(InvalidFields, match="301 characters"):
        read_line("a" * 301, "why", 300)
