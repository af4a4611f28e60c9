"""A move: one step in a call request's life, decided without I/O and applied in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.answer import Answer
from bot.domain.call_request import CallRequest
from bot.domain.events import Event
from bot.domain.states import Status

CALLGATE = "callgate"
"""The actor of what the software does by itself."""


@dataclass(frozen=True)
class Line:
    """Something to say in the request's thread: the name of the sentence, and what to fill in."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenAttempt:
    """A dial attempt begins: from here on a phone may ring, until an answer says otherwise."""

    lease_until: datetime


@dataclass(frozen=True)
class CloseAttempt:
    """The open dial attempt has its answer."""

    answer: Answer


@dataclass(frozen=True)
class Move:
    """What changes, who did it, what the record says of it, and what is posted in the thread.

    `to` is None where the status stays as it is. `changes` are fields of the call request. Every move appends
    one audit event named `event`, and brings the card up to date; with `redraws` even where Slack should show
    just that already.
    """

    event: Event
    actor: str
    at: datetime
    to: Status | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    attempt: OpenAttempt | CloseAttempt | None = None
    redraws: bool = False

    def made_of(self, request: CallRequest) -> CallRequest:
        """The request as the move leaves it."""
        return request.model_copy(update={"status": self.to or request.status, **self.changes})
