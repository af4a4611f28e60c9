"""Tells one person something where they did something; nobody else sees it."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp
import structlog
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import crash_points
from bot.domain.errors import CallgateError
from bot.slack.api.addresses import SlackAddresses
from bot.slack.api.messenger import Messenger
from bot.slack.show.message import SlackMessage

log = structlog.get_logger()


@dataclass(frozen=True)
class ReplyTo:
    """Who is to hear it, and where. `channel` is empty where something was done outside of channels."""

    user: str
    channel: str
    response_url: str


class EphemeralReplies:
    """Answers through the response URL, and as an ephemeral message where that is not possible."""

    def __init__(
        self, messenger: Messenger, session: aiohttp.ClientSession, addresses: SlackAddresses
    ) -> None:
        self._messenger = messenger
        self._session = session
        self._addresses = addresses

    async def send(self, reply_to: ReplyTo, message: SlackMessage) -> None:
        """Show it to that person only. Never raises; that nobody heard it is logged."""
        with crash_points.around("ephemeral reply"):
            if await self._respond(reply_to.response_url, message):
                return
            try:
                await self._messenger.post_to_one(reply_to.channel, reply_to.user, message)
            except CallgateError as error:
                log.warning("ephemeral_reply_failed", error=type(error).__name__)

    async def _respond(self, url: str, message: SlackMessage) -> bool:
        """Whether it went through. Only Slack is ever posted to, whatever address the payload names."""
        if not self._addresses.takes_responses(url):
            log.warning("response_url_not_slacks")
            return False
        hook = AsyncWebhookClient(url, session=self._session)
        try:
            answer = await hook.send(
                text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
            )
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("response_url_failed", error=type(error).__name__)
            return False
        if answer.status_code != 200:
            log.warning("response_url_failed", http_status=answer.status_code)
        return answer.status_code == 200
