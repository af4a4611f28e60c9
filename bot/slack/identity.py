"""Who we are in Slack; checked at the start, because Bolt would retry a wrong token for ever."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import Misconfigured
from bot.slack.errors import SlackBadToken, SlackRefused, call


@dataclass(frozen=True)
class Identity:
    """Our bot user in the workspace it is installed in."""

    team: str
    bot_user: str
    bot_id: str


async def identify(client: AsyncWebClient) -> Identity:
    """Ask Slack who the bot token is. Raises Misconfigured, SlackUnavailable."""
    found = await _checked(
        client.auth_test(),
        "SLACK_BOT_TOKEN",
        "the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions",
    )
    return Identity(str(found["team_id"]), str(found["user_id"]), str(found["bot_id"]))


async def check_app_token(client: AsyncWebClient, app_token: str) -> None:
    """Ask Slack for a Socket Mode address. Raises Misconfigured, SlackUnavailable."""
    await _checked(
        client.apps_connections_open(app_token=app_token),
        "SLACK_APP_TOKEN",
        "an app-level token (xapp-…) with the scope connections:write from the app's page Basic Information",
    )


async def _checked(answer: Awaitable[AsyncSlackResponse], setting: str, where: str) -> AsyncSlackResponse:
    try:
        return await call(answer)
    except (SlackBadToken, SlackRefused) as error:
        raise Misconfigured(f"Slack refuses {setting} ({error.code}). Set it to {where}.") from None
