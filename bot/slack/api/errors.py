"""Slack's errors, cut by what we do about them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import crash_points
from bot.domain.backoff import asked_to_wait
from bot.domain.errors import CallgateError, TryAgainLater

T = TypeVar("T")

# Not this message's fault: it will go through when Slack, or an operator, has fixed something.
_PASSING = {
    "ratelimited", "rate_limited", "message_limit_exceeded", "internal_error", "fatal_error",
    "service_unavailable", "request_timeout", "accesslimited", "team_added_to_org", "ekm_access_denied",
}  # fmt: skip
# "It's possible some aspect of the operation succeeded before the error was raised."
_HALF_DONE = {"internal_error", "fatal_error"}
_BAD_TOKEN = {
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
    "not_allowed_token_type", "no_permission", "access_denied", "org_login_required",
}  # fmt: skip

_NO_WAIT_SAID = 5.0


class SlackUnavailable(TryAgainLater):
    """Slack did not answer, or not with anything that can be read.

    `may_be_done`: whether what was asked for may have been done all the same.
    """

    def __init__(self, sentence: str, *, may_be_done: bool = False) -> None:
        super().__init__(sentence)
        self.may_be_done = may_be_done


class SlackBusy(SlackUnavailable):
    """Over a rate limit. `retry_after` is in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("Slack is busy. Please try again in a moment.")
        self.retry_after = retry_after


class SlackBadToken(SlackUnavailable):
    """Our credentials are refused; everything waits until an operator has fixed them."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack refuses Callgate's access ({code}). Please tell your operator.")
        self.code = code


class SlackRefused(CallgateError):
    """Slack will never do this. `code` is its error code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack refused this: {code}.")
        self.code = code


async def call(method: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Await one Web API call.

    Raises:
        SlackBusy: over a rate limit.
        SlackBadToken: our credentials are refused.
        SlackUnavailable: no answer, or one that cannot be read; both above are of its kind.
        SlackRefused: an error that trying again will not cure.
    """
    try:
        with crash_points.around(getattr(method, "__name__", "Slack")):
            return await method
    except SlackApiError as error:
        raise _translated(error) from error
    except (SlackClientError, aiohttp.ClientError, TimeoutError, ValueError) as error:
        sent = not isinstance(error, aiohttp.ClientConnectorError)
        raise SlackUnavailable("Slack did not answer. Please try again.", may_be_done=sent) from error


def error_code(error: SlackApiError) -> str:
    """Slack's error code; empty where the answer was no answer of Slack's."""
    # The response is a raw aiohttp one where garbage was labelled JSON.
    if not isinstance(error.response, AsyncSlackResponse):
        return ""
    data = error.response.data
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def _translated(error: SlackApiError) -> SlackUnavailable | SlackRefused:
    code = error_code(error)
    if code in {"ratelimited", "rate_limited"}:
        headers = {name.lower(): value for name, value in (error.response.headers or {}).items()}
        seconds = asked_to_wait(str(headers.get("retry-after", "")))
        return SlackBusy(_NO_WAIT_SAID if seconds is None else seconds)
    if code in _BAD_TOKEN:
        return SlackBadToken(code)
    if not code or code in _PASSING:
        return SlackUnavailable(
            f"Slack did not take it ({code or 'no readable answer'}). Please try again.",
            may_be_done=not code or code in _HALF_DONE,
        )
    return SlackRefused(code)
