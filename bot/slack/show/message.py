"""A message for Slack: its blocks, and the line that notifications and screen readers use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.slack.show.text import Block, Element, rich_text, sentence, spoken

DIALING_IS_FROZEN = "Dialing is frozen: nothing is dialed until the freeze is over."
"""What stands on the form and on each card that waits, while somebody has stopped all dialing."""

MAX_TEXT = 3_900
"""Slack edits no message whose text is over 4,000 characters (chat.update: msg_too_long)."""


@dataclass(frozen=True)
class SlackMessage:
    """What `chat.postMessage` and `chat.update` are given; both parts always."""

    text: str
    blocks: list[Block]


def paragraph(*elements: Element) -> SlackMessage:
    """A message of one paragraph."""
    return SlackMessage(spoken(elements)[:MAX_TEXT], [rich_text(*elements)])


def together(messages: Sequence[SlackMessage]) -> SlackMessage:
    """Several messages as one, in their order."""
    spoken = "\n".join(message.text for message in messages)
    return SlackMessage(spoken[:MAX_TEXT], [block for message in messages for block in message.blocks])


def say(words: str) -> SlackMessage:
    """A message of one of our own sentences."""
    return paragraph(*sentence(words))
