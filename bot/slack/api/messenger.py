"""Posts and edits messages. One try each: trying again is the outbox's business."""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import TryAgainLater
from bot.slack.api.errors import SlackRefused, call
from bot.slack.show.message import SlackMessage

_USED_UP = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"}
_NOT_SHOWN_ANY_MORE = {"hash_conflict", "not_found"}


class Messenger:
    """The Web API methods that show something. Each raises what `errors.call` raises."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def post(self, channel: str, message: SlackMessage, thread_ts: str | None = None) -> str:
        """Post a message, in a thread where one is named; returns its `ts`. A user id opens their DM."""
        posted = await call(
            self._client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread_ts,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(posted["ts"])

    async def edit(self, channel: str, ts: str, message: SlackMessage) -> None:
        """Replace a message of ours."""
        await call(self._client.chat_update(channel=channel, ts=ts, text=message.text, blocks=message.blocks))

    async def post_to_one(self, channel: str, user: str, message: SlackMessage) -> None:
        """Show a message to one member of a channel, until they reload; nobody else sees it."""
        await call(
            self._client.chat_postEphemeral(
                channel=channel, user=user, text=message.text, blocks=message.blocks
            )
        )

    async def open_modal(self, trigger_id: str, view: dict[str, Any]) -> str:
        """Open a modal; returns its id.

        Raises:
            TryAgainLater: also where the trigger, good for three seconds and one use, is used up.
        """
        try:
            return str((await call(self._client.views_open(trigger_id=trigger_id, view=view)))["view"]["id"])
        except SlackRefused as error:
            if error.code not in _USED_UP:
                raise
            raise TryAgainLater("That took too long, so Slack opened nothing. Please try again.") from error

    async def update_modal(self, view_id: str, view: dict[str, Any], only_if: str | None = None) -> None:
        """Replace an open modal; what was typed stays in the blocks that stay.

        One that was closed meanwhile is left alone, and so is one whose hash is no longer `only_if`.
        """
        try:
            await call(self._client.views_update(view_id=view_id, view=view, hash=only_if))
        except SlackRefused as error:
            if error.code not in _NOT_SHOWN_ANY_MORE:
                raise
