"""What one letter of the outbox asks for: which message, where, and in which lane of Slack's limits."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property

from bot.domain.call_request import CallRequest
from bot.domain.move import Line
from bot.slack.card import card
from bot.slack.message import Message
from bot.slack.thread_lines import direct_line, thread_line
from bot.workers.pacer import EDITS, POSTS, Rate
from storage.outbox import Letter


@dataclass(frozen=True)
class Errand:
    """A letter, with the request it is about as that stands now."""

    letter: Letter
    request: CallRequest
    shown_sha256: str | None
    """The fingerprint of the card that Slack shows."""

    @cached_property
    def message(self) -> Message:
        """What to show."""
        line = Line(self.letter.name, self.letter.data)
        match self.letter.kind:
            case "thread":
                return thread_line(line)
            case "direct":
                return direct_line(line, self.request)
        return card(self.request)

    @property
    def channel(self) -> str:
        """Where; a direct message goes to the requester."""
        return self.request.requester if self.letter.kind == "direct" else self.request.channel

    @property
    def edits(self) -> str | None:
        """The message to edit; None for a new one."""
        match self.letter.kind:
            case "card":
                return self.request.card_ts
            case "card_copy":
                return str(self.letter.data["message_ts"])
        return None

    @property
    def thread_ts(self) -> str | None:
        """The message whose thread it belongs to."""
        return self.request.card_ts if self.letter.kind == "thread" else None

    @property
    def lane(self) -> str:
        """What Slack counts it under."""
        return f"post {self.channel}" if self.edits is None else "edit"

    @property
    def rate(self) -> Rate:
        """How fast that lane may be."""
        return POSTS if self.edits is None else EDITS

    @property
    def sha256(self) -> str:
        """The message's fingerprint."""
        return hashlib.sha256(json.dumps(asdict(self.message)).encode()).hexdigest()

    @property
    def is_shown_already(self) -> bool:
        """Whether Slack shows exactly this card."""
        return self.letter.kind == "card" and self.edits is not None and self.sha256 == self.shown_sha256

    @property
    def needs_card(self) -> bool:
        """Whether it belongs to the thread of a card that Slack does not show yet."""
        return self.letter.kind == "thread" and self.request.card_ts is None


def next_letters(letters: list[Letter]) -> list[Letter]:
    """Those that may be sent now, from all that are pending, oldest first.

    Of a request's cards only the newest; of its thread only the oldest. A direct message waits for
    nothing.
    """
    cards = {letter.call_request_id: letter for letter in letters if letter.kind == "card"}
    threads: dict[str, Letter] = {}
    for letter in letters:
        if letter.kind == "thread":
            threads.setdefault(letter.call_request_id, letter)
    others = [letter for letter in letters if letter.kind in {"card_copy", "direct"}]
    return [*cards.values(), *threads.values(), *others]
