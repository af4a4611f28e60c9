"""Response URLs: five answers within half an hour to whoever did something, where they did it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.errors import ApiError

USES = 5
SECONDS = 30 * 60


@dataclass
class ResponseUrl:
    """One response URL: for whom, in which channel, and about which message if any."""

    channel: str
    user: str
    message_ts: str | None
    ephemeral: bool
    thread_ts: str | None
    expires: float
    uses_left: int = USES


class ResponseUrls:
    """Every response URL ever handed out."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._issued: dict[str, ResponseUrl] = {}

    def issue(
        self,
        channel: str,
        user: str,
        message_ts: str | None = None,
        *,
        ephemeral: bool = False,
        thread_ts: str | None = None,
    ) -> str:
        """Make one and return its secret, the last part of its address."""
        secret = secrets.token_urlsafe(18)
        expires = self._now() + SECONDS
        self._issued[secret] = ResponseUrl(channel, user, message_ts, ephemeral, thread_ts, expires)
        return secret

    def use(self, secret: str) -> ResponseUrl:
        """Use it once; ApiError when it is unknown, used up or too old."""
        url = self._issued.get(secret)
        if url is None:
            raise ApiError("invalid_url")
        if self._now() > url.expires:
            raise ApiError("expired_url")
        if url.uses_left == 0:
            raise ApiError("used_url")
        url.uses_left -= 1
        return url
