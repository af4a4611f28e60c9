"""Slack: the tokens, the scopes, the clock, the approvals channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.doctor.finding import Finding, ok, skipped, wrong
from bot.domain.errors import CallgateError, Misconfigured
from bot.settings import Settings
from bot.slack.directory import SlackDirectory
from bot.slack.identity import Inspection, inspect, socket_address
from bot.slack.scopes import SCOPES

MOST_SKEW = timedelta(seconds=60)
"""Slack's signatures are good for five minutes; who is one minute off should not wait for that."""

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
        yield _refused("Slack token", error)
        yield skipped("Slack", "scopes, clock and channel: the token has to be mended first")
        return
    yield ok("Slack token", f"{seen.bot} in {seen.workspace}")
    yield _scopes(seen)
    yield _clock(seen, clock)
    yield await _channel(client, settings.callgate_approvals_channel)


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
    if abs(skew) <= MOST_SKEW:
        return ok("clock", says)
    return wrong(
        "clock", says, "Set the machine's clock (NTP): at five minutes Slack's requests are refused."
    )


async def _channel(client: AsyncWebClient, channel: str | None) -> Finding:
    if channel is None:
        return ok("approvals", "cards go to the channel of the /call")
    try:
        reachable = await SlackDirectory(client, "").can_post_in(channel)
    except CallgateError as error:
        return _refused("approvals", error)
    if reachable:
        return ok("approvals", f"cards go to {channel}")
    advice = "Check CALLGATE_APPROVALS_CHANNEL, and type /invite @Callgate in that channel."
    return wrong("approvals", f"the bot is not in {channel}, or it is archived", advice)


async def _app_token(client: AsyncWebClient, token: str) -> Finding:
    try:
        await socket_address(client, token)
    except CallgateError as error:
        return _refused("app token", error)
    return ok("app token", "Slack offers a Socket Mode address")


def _refused(what: str, error: CallgateError) -> Finding:
    if isinstance(error, Misconfigured):
        return wrong(what, error.sentence, "Then start the bot anew.")
    return wrong(what, error.sentence, "Check SLACK_API_URL and the way to Slack, or wait if Slack is down.")
