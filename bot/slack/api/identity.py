"""Who we are in Slack; checked at the start, because Bolt would retry a wrong token for ever."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.backoff import backoff
from bot.domain.errors import Misconfigured
from bot.service.ports import Clock
from bot.slack.api.errors import SlackBadToken, SlackRefused, SlackUnavailable, call
from bot.slack.api.response_watch import told_at

log = structlog.get_logger()


@dataclass(frozen=True)
class Identity:
    """Our bot user in the workspace it is installed in. `url` is the workspace's, with a slash at the end.

    `at` is the time that Slack told with it; ours, where it told none.
    """

    team: str
    bot_user: str
    bot_id: str
    url: str
    at: datetime


@dataclass(frozen=True)
class Inspection:
    """What Slack says of our bot token. `at` is Slack's time, None where it says none."""

    team: str
    workspace: str
    bot: str
    scopes: frozenset[str]
    at: datetime | None


async def identify(client: AsyncWebClient) -> Identity:
    """Ask Slack who the bot token is. Raises Misconfigured, SlackUnavailable."""
    found = await _bot_token(client)
    return Identity(
        team=str(found["team_id"]),
        bot_user=str(found["user_id"]),
        bot_id=str(found["bot_id"]),
        url=str(found.get("url", "")),
        at=told_at(found.headers) or datetime.now(UTC),
    )


async def identify_patiently(client: AsyncWebClient, app_token: str | None, clock: Clock) -> Identity:
    """The same as soon as Slack answers, and whether it takes the app token, if there is one.

    Raises:
        Misconfigured: one of the two is refused.
    """
    failures = 0
    while True:
        try:
            if app_token is not None:
                await socket_address(client, app_token)
            return await identify(client)
        except SlackUnavailable as error:
            failures += 1
            log.warning("slack_unavailable", reason=error.sentence)
            await clock.sleep(backoff(failures, first=1.0, limit=30.0))


async def inspect(client: AsyncWebClient) -> Inspection:
    """Ask Slack who the bot token is, what it may do, and what time it is. Raises as `identify` does."""
    found = await _bot_token(client)
    headers = {name.lower(): value for name, value in found.headers.items()}
    scopes = headers.get("x-oauth-scopes", "").split(",")
    return Inspection(
        team=str(found["team_id"]),
        workspace=str(found.get("team", "")),
        bot=str(found.get("user", "")),
        scopes=frozenset(scope.strip() for scope in scopes if scope.strip()),
        at=told_at(found.headers),
    )


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """A new Socket Mode address, good for one connection. Raises Misconfigured, SlackUnavailable."""
    opened = await _checked(
        client.apps_connections_open(app_token=app_token),
        "SLACK_APP_TOKEN",
        "an app-level token (xapp-…) with the scope connections:write from the app's page Basic Information",
    )
    return str(opened["url"])


async def _bot_token(client: AsyncWebClient) -> AsyncSlackResponse:
    return await _checked(
        client.auth_test(),
        "SLACK_BOT_TOKEN",
        "the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions",
    )


async def _checked(answer: Awaitable[AsyncSlackResponse], setting: str, where: str) -> AsyncSlackResponse:
    try:
        return await call(answer)
    except (SlackBadToken, SlackRefused) as error:
        raise Misconfigured(f"Slack refuses {setting} ({error.code}). Set it to {where}.") from None
