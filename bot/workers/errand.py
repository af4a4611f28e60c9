"""What one parcel of the outbox asks for: which message, where, and in which lane of Slack's limits."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property

from bot.domain.call_request import CallRequest
from bot.slack.card import card
from bot.slack.channel_lines import channel_line
from bot.slack.message import Message, together
from bot.slack.thread_lines import direct_line, thread_line
from bot.workers.pacer import EDITS, POSTS, Rate
from storage.outbox import Contents, Parcel


def rate_of(parcel: Parcel) -> Rate:
    """How fast the parcel's lane may be: Slack counts edits in all, posts in each channel."""
    return EDITS if parcel.lane == "edit" else POSTS


def where(parcel: Parcel) -> str:
    """The channel; a direct message goes to the requester."""
    return parcel.requester or parcel.channel if parcel.kind == "direct" else parcel.channel


@dataclass(frozen=True)
class Errand:
    """An opened parcel."""

    parcel: Parcel
    contents: Contents

    @cached_property
    def message(self) -> Message:
        """What to show."""
        match self.parcel.kind:
            case "thread":
                return together([thread_line(line) for line in self.contents.lines])
            case "channel":
                return together([channel_line(line) for line in self.contents.lines])
            case "direct":
                return together([direct_line(line, self._request) for line in self.contents.lines])
        return card(self._request)

    @property
    def edits(self) -> str | None:
        """The message to edit; None for a new one."""
        match self.parcel.kind:
            case "card":
                return self._request.card_ts
            case "card_copy":
                return str(self.contents.lines[0].data["message_ts"])
        return None

    @property
    def thread_ts(self) -> str | None:
        """The message whose thread it belongs to."""
        return self._request.card_ts if self.parcel.kind == "thread" else None

    @property
    def sha256(self) -> str:
        """The message's fingerprint."""
        return hashlib.sha256(json.dumps(asdict(self.message)).encode()).hexdigest()

    @property
    def is_shown_already(self) -> bool:
        """Whether Slack shows exactly this card."""
        return (
            self.parcel.kind == "card" and self.edits is not None and self.sha256 == self.contents.card_sha256
        )

    @property
    def _request(self) -> CallRequest:
        """Only a letter to a channel is about no request."""
        assert self.contents.request is not None  # noqa: S101 - the outbox's own rule
        return self.contents.request
