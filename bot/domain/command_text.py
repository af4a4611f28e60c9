"""What people type after `/call`, read into a command.

A new subcommand is a dataclass in `Command` and a case in `parse_command_text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from bot.domain.command_name import command
from bot.domain.errors import Refused
from bot.domain.metadata import excerpt, hidden_in_key, is_metadata_key
from bot.domain.phone_number import MAX_TYPED_NUMBER, complete_number
from bot.domain.visible import shown

MAX_COMMAND_TEXT = 3000
"""Characters that are read: as many as Slack allows in the form's metadata field, where they end up."""


@dataclass(frozen=True)
class OpenForm:
    """Open the call form with this filled in. None of it is checked yet: the form does that."""

    to_number: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Help:
    """Show how the command is used."""


@dataclass(frozen=True)
class Stop:
    """Somebody asked not to be called again. The number is as it was typed, and `why` may be empty."""

    number: str
    why: str = ""


@dataclass(frozen=True)
class Unstop:
    """Somebody says that the number may be called again, and `why`; or agrees to the removal `agrees`."""

    number: str
    why: str = ""
    agrees: int | None = None


@dataclass(frozen=True)
class FreezeDialing:
    """Stop all dialing."""

    why: str


@dataclass(frozen=True)
class UnfreezeDialing:
    """Resume dialing, after the freeze with that number; None if no number was typed."""

    freeze: int | None = None


Command = OpenForm | Help | Stop | Unstop | FreezeDialing | UnfreezeDialing


class WhichNumber(Refused):
    """The number may end at more than one word; `commands` are the possible meanings."""

    def __init__(self, commands: list[str]) -> None:
        super().__init__("It is not clear where the number ends. Put a colon after it, as in one of these:")
        self.commands = commands


MAX_LINE = 300
"""Characters of a reason typed after a command."""

# Slack turns a number, an address or a link into its own markup: <target|as it was typed>.
# In it is no other "<", so that no text takes more than one look at each character.
_TEL = re.compile(r"<tel:([^<|>]*)(?:\|[^<>]*)?>")
_LINK = re.compile(r"<(?:mailto:|(?=https?://))([^<|>]*)(?:\|([^<>]*))?>")

# A command names the freeze or removal it is about by its number, so that it cannot act on a later one.
_COUNT = re.compile(r"[0-9]{1,9}\Z")
_AGREE = re.compile(r"agree ([0-9]{1,9})\Z", re.IGNORECASE)

# Telephones type curly quotes, and each language has its own. A quote closes only at the end of a word, so
# 'it's fine' is one value.
_WORD = re.compile(
    r"""
    (?P<key>[^\s=]+)=(?:
        ["“”„«»](?P<double>[^\r\n]*?)["“”«»](?!\S)
      | ['‘’‚‹›](?P<single>[^\r\n]*?)['‘’‹›](?!\S)
      | (?P<open>["“”„«»'‘’‚‹›])\S*
      | (?P<bare>\S*)
    )
    | (?P<word>\S+)
    """,
    re.VERBOSE,
)


def parse_command_text(text: str) -> Command:
    """Read the text of a slash command as Slack sends it: `[<number>] [key=value ...]`, or a word and more.

    The words are `help`, `stop <number> [<why>]`, `unstop <number> <why>`, `unstop <number> agree <removal>`,
    `freeze <why>` and `unfreeze <freeze>`. A number may have spaces in it. Values with spaces are in
    quotes, straight, curly or angled.

    Raises:
        WhichNumber: the number of `stop` or `unstop` may end at more than one word.
        Refused: the text cannot be read; the sentence says which part.
    """
    if len(text) > MAX_COMMAND_TEXT:
        raise Refused(
            f"That is more than {MAX_COMMAND_TEXT} characters: type {command()} alone and use the form."
        )
    typed = _as_typed(text).strip()
    first, *more = typed.split(maxsplit=1) or [""]
    rest = " ".join(more)
    match first.lower():
        case "":
            return OpenForm()
        case "help" | "?" | "-h" | "--help" if not rest:
            return Help()
        case "stop":
            return Stop(*_number_and_why("stop", rest))
        case "unstop":
            number, why = _number_and_why("unstop", rest)
            agreed = _AGREE.match(why)
            return Unstop(number, agrees=int(agreed[1])) if agreed else Unstop(number, why)
        case "freeze":
            return FreezeDialing(
                _why(rest) or _refuse(f"Say why after it, for everybody to read: {command('freeze <why>')}")
            )
        case "unfreeze":
            if rest and not _COUNT.match(rest):
                _refuse(f"Type only the number of the freeze after it, as in: {command('unfreeze 3')}")
            return UnfreezeDialing(int(rest) if rest else None)
        case _:
            return _open_form(typed)


def _number_and_why(order: str, rest: str) -> tuple[str, str]:
    words = rest.split()
    longest = next((n for n, each in enumerate(words) if not _may_be_of_a_number(each)), len(words))
    if not longest:
        _refuse(f"Type the phone number right after it, as in: {command(order)} +1 617 645 1984")
    if longest == len(words):  # a reason has a word in it
        return _joined(words), ""
    end = _end_of_number(order, words, longest)
    return _joined(words[:end]).rstrip(_ENDS_NUMBER), _why(" ".join(words[end:]))


_ENDS_NUMBER = ",;:"

_MAX_DIGITS_OF_A_REASON = 8
"""Digits at the start of a reason, a count or a date. More may be a second number."""


def _end_of_number(order: str, words: list[str], longest: int) -> int:
    """How many of the words are the number: at least one, and not more than `longest`.

    Where it is complete both with and without some word, only the person knows which they mean. The wrong
    number is somebody else's, and they would believe that they had stopped theirs. This is so even for a
    first word that is complete by itself: in "+49309018 20" it is half of a number. A number ends at a mark,
    because with a mark within it it would not be valid. Where none is complete, the whole is passed on: the
    next step says what is wrong with it.
    """
    ends = _complete_within(words[:longest])
    if not ends:
        return longest
    end = min(ends.values())  # each reading has to be one that can be typed
    left = " ".join(words[end:longest])
    if "+" in left or sum(c.isdigit() for c in left) > _MAX_DIGITS_OF_A_REASON:
        _refuse("There may be two numbers in this: type only one, and a reason that begins with a word.")
    if len(ends) > 1:
        readings = [f"{command(order)} {e164}: {_why(' '.join(words[n:]))}" for e164, n in ends.items()]
        raise WhichNumber(readings)
    return end


def _complete_within(words: list[str]) -> dict[str, int]:
    """The numbers that are complete after some of the words, and the largest count of words for each."""
    found: dict[str, int] = {}
    for end in range(1, len(words) + 1):
        if e164 := complete_number(" ".join(words[:end]).rstrip(_ENDS_NUMBER)):
            found[e164] = end
    return found


def _why(typed: str) -> str:
    why = shown(typed)
    if len(why) > MAX_LINE:
        _refuse(f"Say why in {MAX_LINE} characters or fewer.")
    return why


def _refuse(sentence: str) -> NoReturn:
    raise Refused(sentence)


def _as_typed(text: str) -> str:
    """Undo what Slack did to the text: links, and the three characters it escapes."""
    text = _TEL.sub(r"\1", text)
    text = _LINK.sub(lambda link: link[2] or link[1], text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _open_form(typed: str) -> OpenForm:
    """All words before the first pair are the number: nothing else may be there."""
    number: list[str] = []
    metadata: dict[str, str] = {}
    for word in _WORD.finditer(typed):
        key = word["key"]
        if key and (hidden := hidden_in_key(key)):
            _refuse(f'The key "{excerpt(key)}" cannot be read. {hidden}')
        if key and is_metadata_key(key):
            if word["open"]:
                _refuse(f'The quote after "{excerpt(key)}=" is not closed: close it, or leave it out.')
            if key.lower() in (other.lower() for other in metadata):
                _refuse(f'The key "{excerpt(key)}" is there twice: keep one of them.')
            value = next(v for v in word.group("double", "single", "bare") if v is not None)
            metadata[key] = value.strip() if word[0].startswith(f"{key}=«") else value  # French: « Ana »
        elif not metadata and _may_be_of_a_number(word[0]):
            number.append(word[0])
        else:
            _refuse(
                f'"{excerpt(word[0])}" cannot be read: type the number first, then key=value pairs, '
                "with quotes around a value that has spaces."
            )
    return OpenForm(_joined(number), metadata)


def _may_be_of_a_number(word: str) -> bool:
    """Whether the form should judge it as part of a number: it says better what is wrong with one."""
    return any(c.isdigit() for c in word) or not any(c.isalpha() for c in word)


def _joined(number: list[str]) -> str:
    joined = " ".join(number)
    if len(joined) > MAX_TYPED_NUMBER:
        _refuse(f"The number is longer than {MAX_TYPED_NUMBER} characters: type one phone number first.")
    return joined
