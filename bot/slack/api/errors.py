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

# What says no. Whatever stands in none of these lists (`update_failed`, `external_channel_migrating`, a code
# that Slack adds tomorrow) may pass, and is tried again.
_REFUSALS = {
    # what we sent is wrong
    "invalid_arguments", "invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long",
    "no_text", "view_too_large", "duplicate_external_id", "markdown_text_conflict", "unknown_method",
    "cannot_reply_to_message", "method_not_supported_for_channel_type",
    # what it is about is not there, or not any more
    "not_found", "hash_conflict", "expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id",
    "user_not_found", "user_not_visible", "users_not_found", "user_not_in_channel", "no_such_subteam",
    "subteam_not_found", "message_not_found", "thread_not_found", "cant_update_message",
    "edit_window_closed", "team_not_found",
    # this person cannot be written to
    "messages_tab_disabled", "cannot_dm_bot", "user_disabled", "user_is_bot", "user_is_restricted",
}  # fmt: skip
# People can cure these: whoever unarchives the channel, invites us again or lets us post there.
_OBSTRUCTIONS = {
    "is_archived", "is_inactive", "not_in_channel", "channel_not_found", "channel_is_limited_access",
    "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel", "restricted_action_thread_locked",
    "posting_to_channel_denied",
}  # fmt: skip
_GONE = {
    "message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed",
}  # fmt: skip
# An operator can cure these, and until then nothing of the kind works.
_SET_UP = {
    "plan_upgrade_required": "its plan has no user groups; name people in CALLGATE_APPROVERS instead",
}
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
    """Our credentials are refused; everything waits until an operator has fixed them.

    `needed` is the scope that is missing, or several with commas; empty where that is not the reason.
    """

    def __init__(self, code: str, needed: str = "") -> None:
        lacks = f"Callgate's app lacks the scope {needed} ({code}). Please tell your operator: it has to be"
        super().__init__(
            f"{lacks} added on the app's page OAuth & Permissions, and the app installed again."
            if needed
            else f"Slack refuses Callgate's access ({code}). Please tell your operator."
        )
        self.code, self.needed = code, needed


class SlackSetUp(SlackUnavailable):
    """The workspace is not set up for this; everything of the kind waits until somebody changes that."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"This workspace is not set up for it: {_SET_UP[code]} ({code}). Please tell your operator."
        )


class SlackRefused(CallgateError):
    """Slack will never do this. `code` is its error code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack refused this: {code}.")
        self.code = code

    @property
    def message_is_gone(self) -> bool:
        """Whether the message that it is about was deleted, or can't be edited any more."""
        return self.code in _GONE


class SlackObstructed(SlackRefused):
    """Not as the channel is now: somebody archived it, removed us from it or restricted it."""


async def call(method: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Await one Web API call.

    Raises:
        SlackBusy: over a rate limit.
        SlackBadToken: our credentials are refused.
        SlackSetUp: the workspace's plan or settings are in the way.
        SlackUnavailable: no answer, or one that says neither yes nor no; those above are of its kind.
        SlackObstructed: no, until somebody changes something about the channel; a SlackRefused.
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
        data = error.response.data
        return SlackBadToken(code, str(data.get("needed") or "") if code == "missing_scope" else "")
    if code in _SET_UP:
        return SlackSetUp(code)
    if code in _OBSTRUCTIONS:
        return SlackObstructed(code)
    if code in _REFUSALS:
        return SlackRefused(code)
    return SlackUnavailable(
        f"Slack did not take it ({code or 'no readable answer'}). Please try again.",
        may_be_done=not code or code in _HALF_DONE,
    )
