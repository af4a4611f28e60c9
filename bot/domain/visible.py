"""Text as people see it. What somebody reads before they decide must not hide anything, nor mislead.

What is hidden is refused in what people type, and removed from what the voice API says. It is: control and
format characters (bidi controls and zero-width ones among them), line separators, halves of surrogate pairs,
and blank letters. The two joiners stay: emoji, and many scripts, cannot be written without them.
"""

from __future__ import annotations

import unicodedata

from bot.domain.errors import InvalidFields

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def is_hidden(text: str) -> bool:
    """Whether anything in the text cannot be seen, or changes how the rest is read."""
    return any(map(_is_hidden, text))


def hidden_mark(text: str) -> str | None:
    """The first character in the text that cannot be seen, a joiner too, as Unicode writes it: `U+FEFF`."""
    return next((f"U+{ord(c):04X}" for c in text if _is_hidden(c) or c in _JOINERS), None)


def shown(text: str) -> str:
    """Text from outside as one line, with a blank for whatever is hidden in it."""
    return " ".join("".join(" " if _is_hidden(character) else character for character in text).split())


def read_line(text: str, field: str, limit: int) -> str:
    """What somebody typed into a field, as one line; empty where nothing was.

    Raises:
        InvalidFields: at `field`, it has more than `limit` characters, or something in it is hidden.
    """
    line = " ".join(text.split())
    if len(line) > limit:
        raise InvalidFields({field: f"That is {len(line)} characters; say it in {limit} or fewer."})
    if is_hidden(line):
        raise InvalidFields({field: "There is an invisible character in this. Type the sentence again."})
    return line


def _is_hidden(character: str) -> bool:
    if character in _JOINERS:
        return False
    return unicodedata.category(character) in _HIDDEN or character in _BLANK_LETTERS
