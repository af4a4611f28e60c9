"""What became of something sent to the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True)
class Ack:
    """The app's acknowledgement. Not `ok`: the person saw a failure, and `problem` says which."""

    ok: bool
    seconds: float
    payload: dict[str, Any] | None = None
    status: int | None = None
    problem: str = ""


@dataclass(frozen=True)
class Delivered:
    """Something that was sent to the app, and what became of it."""

    kind: Kind
    payload: dict[str, Any]
    ack: Ack


class Delivery(Protocol):
    """A way to reach the app."""

    async def deliver(self, kind: Kind, payload: dict[str, Any], seconds: float) -> Ack:
        """Send a payload and wait so long for its acknowledgement. Never raises."""
        ...
