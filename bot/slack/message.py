"""A message for Slack: its blocks, and the line that notifications and screen readers use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.slack.text import Block, Element, rich_text, sentence, spoken

MOST_TEXT = 3_900
"""Slack edits no message whose text is over 4,000 characters (chat.update: msg_too_long)."""


@dataclass(frozen=True)
class Message:
    """What `chat.postMessage` and `chat.update` are given; both parts always."""

    text: str
    blocks: list[Block]


def paragraph(*elements: Element) -> Message:
    """A message of one paragraph."""
    return Message(spoken(elements)[:MOST_TEXT], [rich_text(*elements)])


def together(messages: Sequence[Message]) -> Message:
    """Several messages as one, in their order."""
    spoken = "\n".join(message.text for message in messages)
    return Message(spoken[:MOST_TEXT], [block for message in messages for block in message.blocks])


def say(words: str) -> Message:
    """A message of one of our own sentences."""
    return paragraph(*sentence(words))
