"""Socket Mode tickets: permission to open one WebSocket, soon."""

from __future__ import annotations

import secrets
import time


class Tickets:
    """Tickets handed out by apps.connections.open. Each opens one connection, within `ttl` real seconds."""

    def __init__(self) -> None:
        self.ttl = 30.0
        self._issued: dict[str, float] = {}

    def issue(self) -> str:
        """Make a ticket."""
        ticket = secrets.token_urlsafe(18)
        self._issued[ticket] = time.monotonic()
        return ticket

    def redeem(self, ticket: str) -> bool:
        """Use a ticket up; False when it is unknown, used or too old."""
        issued = self._issued.pop(ticket, None)
        return issued is not None and time.monotonic() - issued <= self.ttl
