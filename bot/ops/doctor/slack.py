"""Slack: the tokens, the scopes, the clock, the channel of the cards, and who may approve."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.card_channel import Obstacle
from bot.domain.errors import CallgateError
from bot.ops.doctor.approvers import check_approvers
from bot.ops.doctor.finding import Finding, ok, refused, skipped, wrong
from bot.ops.settings import Settings
from bot.service.ports import Clock
from bot.slack.api.directory import SlackDirectory
from bot.slack.api.identity import Inspection, inspect, socket_address
from bot.slack.api.scopes import SCOPES

MAX_SKEW = timedelta(seconds=60)
"""Slack's signatures are good for five minutes; who is one minute off should not wait for that."""

_SAYS = {
    Obstacle.ARCHIVED: "is archived",
    Obstacle.NOT_IN_IT: "cannot be seen, or Callgate is not in it",
    Obstacle.DIRECT: "is a direct message",
    Obstacle.SHARED: "is shared with another organisation, or about to be",
}
_ADVICE = {
    Obstacle.ARCHIVED: "Set CALLGATE_APPROVALS_CHANNEL to a channel that is in use.",
    Obstacle.NOT_IN_IT: "Check CALLGATE_APPROVALS_CHANNEL, and type /invite @Callgate in that channel.",
    Obstacle.DIRECT: "Set CALLGATE_APPROVALS_CHANNEL to a channel.",
    Obstacle.SHARED: "Set CALLGATE_APPROVALS_CHANNEL to a channel of your own; or, if the others may read"
    " every card, CALLGATE_SLACK_CONNECT to true.",
}

_TIMEOUT = aiohttp.ClientTimeout(total=10.0)


async def check_slack(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Every check of Slack. Nothing is posted, and no connection is opened."""
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        token, url = settings.slack_bot_token.get_secret_value(), settings.slack_api_url
        client = AsyncWebClient(token=token, base_url=url, session=session)
        client.retry_handlers = []
        async for finding in _bot(client, settings, clock):
            yield finding
        if settings.slack_app_token is not None:
            yield await _app_token(client, settings.slack_app_token.get_secret_value())


async def _bot(client: AsyncWebClient, settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    try:
        seen = await inspect(client)
    except CallgateError as error:
        yield refused("Slack token", error)
        yield skipped("Slack", "scopes, clock and channel: fix the token first")
        return
    yield ok("Slack token", f"{seen.bot} in {seen.workspace}")
    yield _scopes(seen)
    yield _clock(seen, clock)
    directory = SlackDirectory(client, seen.team)
    yield await _channel(directory, settings)
    yield await check_approvers(directory, settings)


def _scopes(seen: Inspection) -> Finding:
    missing = sorted(SCOPES - seen.scopes)
    if not missing:
        return ok("Slack scopes", f"all {len(SCOPES)} granted")
    advice = "Paste manifest.yml into the app's page App Manifest, then press Reinstall on Install App."
    return wrong("Slack scopes", f"{', '.join(missing)} missing", advice)


def _clock(seen: Inspection, clock: Clock) -> Finding:
    if seen.at is None:
        return skipped("clock", "Slack did not say what time it is")
    skew = clock.now() - seen.at
    says = f"{abs(skew.total_seconds()):.0f} s {'ahead of' if skew > timedelta() else 'behind'} Slack's"
    if abs(skew) <= MAX_SKEW:
        return ok("clock", says)
    return wrong(
        "clock", says, "Set the machine's clock (NTP): at five minutes Slack's requests are refused."
    )


async def _channel(directory: SlackDirectory, settings: Settings) -> Finding:
    channel = settings.callgate_approvals_channel
    if channel is None:
        return ok("approvals", "cards go to the channel of the command")
    try:
        obstacle = await directory.obstacle(channel)
    except CallgateError as error:
        return refused("approvals", error)
    if obstacle is None or (obstacle is Obstacle.SHARED and settings.callgate_slack_connect):
        return ok("approvals", f"cards go to {channel}")
    return wrong("approvals", f"{channel} {_SAYS[obstacle]}", _ADVICE[obstacle])


async def _app_token(client: AsyncWebClient, token: str) -> Finding:
    try:
        await socket_address(client, token)
    except CallgateError as error:
        return refused("app token", error)
    return ok("app token", "Slack offers a Socket Mode address")
