"""What all our modals share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.slack.show.text import Block, Element, plain, rich_text, sentence

View = dict[str, Any]

NOTICE = "notice"
"""The callback id of a modal that nobody submits."""


def modal(
    title: str, blocks: list[Block], *, submit: str | None = None, callback_id: str, carries: str
) -> View:
    """A modal view; `carries` comes back with its submission as private metadata."""
    view = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "close": plain("Close" if submit is None else "Cancel"),
        "blocks": blocks,
        "private_metadata": carries,
    }
    return view if submit is None else {**view, "submit": plain(submit)}


def notice(title: str, words: str) -> View:
    """A modal of one of our own sentences, with nothing to fill in."""
    return modal(title, [rich_text(*sentence(words))], callback_id=NOTICE, carries="")


def field(name: str, label: str, element: Element, *, hint: str = "", optional: bool = False) -> Block:
    """An input block; its name is its id and its element's."""
    block = {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    return {**block, "hint": plain(hint)} if hint else block


def option(label: str, value: str, description: str = "") -> Element:
    """One choice of a select, with at most 75 characters of each (Block Kit)."""
    choice = {"text": plain(label), "value": value}
    return {**choice, "description": plain(description)} if description else choice


def options(choices: Iterable[tuple[str, str]]) -> list[Element]:
    """Choices of a select, from pairs of label and value."""
    return [option(label, value) for label, value in choices]
