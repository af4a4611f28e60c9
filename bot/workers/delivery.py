"""How an outbox item is sent: which message, where, and in which lane of Slack's limits."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property

from bot.domain.call_request import CallRequest
from bot.slack.show.card import card
from bot.slack.show.channel_lines import channel_line
from bot.slack.show.message import SlackMessage, together
from bot.slack.show.obstructed import elsewhere
from bot.slack.show.thread_lines import direct_line, thread_line
from bot.workers.pacer import EDITS, POSTS, Rate
from storage.outbox.outbox import ItemDetails, OutboxItem


def rate_of(item: OutboxItem) -> Rate:
    """How fast the item's lane may go: Slack counts all edits together, and posts by channel."""
    return EDITS if item.lane == "edit" else POSTS


def where(item: OutboxItem) -> str:
    """The channel; a direct message goes to the requester."""
    return item.requester or item.channel if item.kind == "direct" else item.channel


@dataclass(frozen=True)
class Delivery:
    """An outbox item with what is needed to send it."""

    item: OutboxItem
    details: ItemDetails

    @cached_property
    def message(self) -> SlackMessage:
        """The message to send."""
        match self.item.kind:
            case "thread":
                return together([thread_line(line) for line in self.details.lines])
            case "channel" | "direct" if self.details.lines[0].name == "elsewhere":
                return elsewhere(self.details.lines[0].data)
            case "channel":
                return together([channel_line(line) for line in self.details.lines])
            case "direct":
                return together([direct_line(line, self._request) for line in self.details.lines])
        return card(self._request)

    @property
    def edits(self) -> str | None:
        """The message to edit; None for a new one."""
        match self.item.kind:
            case "card":
                return self._request.card_ts
            case "card_copy":
                return str(self.details.lines[0].data["message_ts"])
        return None

    @property
    def thread_ts(self) -> str | None:
        """The message whose thread it belongs to."""
        return self._request.card_ts if self.item.kind == "thread" else None

    @property
    def origin_channel(self) -> str | None:
        """Where the call was asked for."""
        return None if self.details.request is None else self.details.request.origin_channel

    @property
    def sha256(self) -> str:
        """The message's fingerprint."""
        return hashlib.sha256(json.dumps(asdict(self.message)).encode()).hexdigest()

    @property
    def is_shown_already(self) -> bool:
        """Whether Slack shows exactly this card."""
        return self.item.kind == "card" and self.edits is not None and self.sha256 == self.details.card_sha256

    @property
    def _request(self) -> CallRequest:
        """The item's request; every kind but `channel` has one."""
        assert self.details.request is not None  # noqa: S101 - the outbox's own rule
        return self.details.request
