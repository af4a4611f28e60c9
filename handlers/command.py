"""`/call`: opens the form, filled in with what stands behind the command."""

from __future__ import annotations

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.domain.command_text import Help, OpenForm, parse_command_text
from bot.domain.errors import Refused
from bot.slack import ids
from bot.slack.call_form import call_form
from bot.slack.help import help_message, not_in_channel
from bot.slack.message import Message
from handlers.desk import Desk
from handlers.telling import telling, whisper


class Command:
    """The listener for `/call`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def typed(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """Open the form, or say why not."""
        await ack()
        async with telling(respond):
            try:
                command = parse_command_text(body.get("text") or "")
            except Refused as error:
                await whisper(respond, help_message(error.sentence))
                return
            await self._answer(command, body, respond)

    async def _answer(self, command: OpenForm | Help, body: dict[str, Any], respond: AsyncRespond) -> None:
        if isinstance(command, Help):
            await whisper(respond, help_message())
        elif refusal := await self._no_room(body):
            await whisper(respond, refusal)
        else:
            await self._open(body, command)

    async def _no_room(self, body: dict[str, Any]) -> Message | None:
        """Why the card could not be posted; said before the form is filled in."""
        channel = self._desk.service.rules.approvals_channel or body["channel_id"]
        if await self._desk.directory.can_post_in(channel):
            return None
        typed = f"{body['command']} {body.get('text') or ''}".strip()
        return not_in_channel(channel, self._desk.bot_user, typed)

    async def _open(self, body: dict[str, Any], command: OpenForm) -> None:
        needs_consent = self._desk.service.rules.policy.consent
        form = call_form(ids.Place(body["channel_id"]), command, needs_consent)
        await self._desk.messenger.open_modal(body["trigger_id"], form)
