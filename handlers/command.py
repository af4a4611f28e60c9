"""`/call`: opens the form, filled in with what stands behind the command, or carries out an order."""

from __future__ import annotations

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.command_text import Help, OpenForm, WhichNumber, parse_command_text
from bot.domain.errors import CallgateError, Refused
from bot.slack import ids
from bot.slack.call_form import Typed, call_form
from bot.slack.help import help_message, not_opened, which_number
from bot.slack.message import Message
from bot.slack.whisperer import Ear
from handlers.desk import Desk
from handlers.orders import Orders
from handlers.telling import telling


class Command:
    """The listener for `/call`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._orders = Orders(desk)

    async def typed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Open the form or carry out the order, or say why not."""
        await ack()
        ear = Ear(body["user_id"], body["channel_id"], body.get("response_url", ""))
        async with telling(self._desk.whisperer, ear):
            if answer := await self._heed(body):
                await self._desk.whisperer.whisper(ear, answer)

    async def _heed(self, body: dict[str, Any]) -> Message | None:
        """Do it; returns what there is to say, which is nothing where the form opened."""
        try:
            command = parse_command_text(body.get("text") or "")
        except WhichNumber as error:
            return which_number(error.sentence, error.commands)
        except Refused as error:
            return help_message(error.sentence)
        if isinstance(command, Help):
            return help_message()
        if not isinstance(command, OpenForm):
            return await self._orders.carry_out(command, body)
        try:
            await self._open(body, command)
        except CallgateError as error:
            return not_opened(error.sentence, f"{body['command']} {body.get('text') or ''}".strip())
        return None

    async def _open(self, body: dict[str, Any], command: OpenForm) -> None:
        """Who may not ask, or not there, learns it before the form is filled in."""
        await self._desk.service.check_may_ask(body["user_id"], body["channel_id"])
        policy = self._desk.service.rules.policy
        form = call_form(ids.Place(body["channel_id"]), Typed.of(command), policy)
        await self._desk.messenger.open_modal(body["trigger_id"], form)
