"""Looks at every answer of Slack's: whether it says 429, and what time it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState


class ResponseWatch(AsyncRetryHandler):
    """The SDK asks it after each answer whether to try again: it only looks, and always says no."""

    def __init__(self, busy: Callable[[], None], heard: Callable[[datetime], None]) -> None:
        super().__init__()
        self._busy, self._heard = busy, heard

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is not None:
            if response.status_code == 429:
                self._busy()
            if (at := told_at(response.headers)) is not None:
                self._heard(at)
        return False


def told_at(headers: object) -> datetime | None:
    """Slack's time, of the header that every HTTP answer has; None where it cannot be read."""
    fields = dict(headers) if isinstance(headers, Mapping) else {}
    values = [value for name, value in fields.items() if str(name).lower() == "date"]
    text = values[0] if values else ""
    try:
        return parsedate_to_datetime(text[0] if isinstance(text, list) else str(text))
    except (ValueError, TypeError, IndexError):
        return None
