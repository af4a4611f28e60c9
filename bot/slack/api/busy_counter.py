"""Counts Slack's 429s, whichever method they answer."""

from __future__ import annotations

from collections.abc import Callable

from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState


class BusyCounter(AsyncRetryHandler):
    """The SDK asks it after each answer whether to try again: it only looks, and always says no."""

    def __init__(self, busy: Callable[[], None]) -> None:
        super().__init__()
        self._busy = busy

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is not None and response.status_code == 429:
            self._busy()
        return False
