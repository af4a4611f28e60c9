"""Text for Slack. What people or PolyAI wrote goes out as plain or rich text, never as mrkdwn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from string import Formatter
from typing import Any

from bot.domain.approvers import is_user_id

Block = dict[str, Any]
Element = dict[str, Any]
Data = Mapping[str, Any]
"""What a line of the outbox says, by name."""

_MENTION = re.compile(r"<(@[UW][A-Z0-9]+|#[CGD][A-Z0-9]+)>")


def escape(text: str) -> str:
    """The text for a field in which Slack reads mrkdwn: its three control characters made harmless."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> Element:
    """A text object in which nothing is parsed."""
    return {"type": "plain_text", "text": text, "emoji": False}


def text(words: str, *, bold: bool = False, code: bool = False) -> Element:
    """Words, shown as they are."""
    element: Element = {"type": "text", "text": words}
    style = {name: True for name, wanted in (("bold", bold), ("code", code)) if wanted}
    return {**element, "style": style} if style else element


def user(actor: str) -> Element:
    """A mention; or the actor's name, where it is the command line."""
    return {"type": "user", "user_id": actor} if is_user_id(actor) else text(actor)


def usergroup(group_id: str) -> Element:
    """A mention of a user group."""
    return {"type": "usergroup", "usergroup_id": group_id}


def channel(channel_id: str) -> Element:
    """A link to a channel."""
    return {"type": "channel", "channel_id": channel_id}


def date(at: datetime) -> Element:
    """A moment, shown in each reader's own time zone."""
    return {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": "{date_short_pretty} at {time}",
        "fallback": at.strftime("%Y-%m-%d %H:%M UTC"),
    }


def sentence(words: str) -> list[Element]:
    """One of our own sentences, in which `<@U…>` is a mention and `<#C…>` a link to a channel."""
    pieces = _MENTION.split(words)
    elements = [
        text(piece) if index % 2 == 0 else user(piece[1:]) if piece[0] == "@" else channel(piece[1:])
        for index, piece in enumerate(pieces)
        if piece
    ]
    return elements or [text(" ")]


def filled(words: str, data: Data) -> list[Element]:
    """One of our own sentences with values in it: `{reason}` as it is, a list of them with blanks between,
    `{by:user}` as a mention, `{call_sid:code}` as code, `{until:date}` (seconds since 1970) as a moment.
    """
    elements: list[Element] = []
    for ours, name, kind, _ in Formatter().parse(words):
        elements.append(text(ours))
        if name is not None:
            match kind, data[name]:
                case "user", value:
                    elements.append(user(value))
                case "date", value:
                    elements.append(date(datetime.fromtimestamp(value, UTC)))
                case _, value:
                    words = " ".join(value) if isinstance(value, list) else value
                    elements.append(text(words, code=kind == "code"))
    return [element for element in elements if element.get("text") != ""]


def rich_text(*elements: Element) -> Block:
    """A block of one paragraph."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def spoken(elements: Sequence[Element]) -> str:
    """The same as one line of escaped text, for notifications and screen readers."""
    return "".join(_spoken(element) for element in elements)


def _spoken(element: Element) -> str:
    match element["type"]:
        case "user":
            return f"<@{element['user_id']}>"
        case "usergroup":
            return f"<!subteam^{element['usergroup_id']}>"
        case "channel":
            return f"<#{element['channel_id']}>"
        case "date":
            return escape(element["fallback"])
    return escape(element["text"])
