"""`/call`: opens the form, filled in with what stands behind the command, or carries out an order."""

from __future__ import annotations

from typing import Any

from bot.domain.command_text import Help, OpenForm, WhichNumber, parse_command_text
from bot.domain.errors import CallgateError, Refused
from bot.slack.api.ephemeral_replies import ReplyTo
from bot.slack.show import ids
from bot.slack.show.call_form import Prefill, call_form
from bot.slack.show.help import help_message, not_opened, which_number
from bot.slack.show.message import SlackMessage
from handlers.orders import Orders
from handlers.refusals import reply_on_refusal
from handlers.services import Services


class Command:
    """The listener for `/call`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._orders = Orders(services)

    async def typed(self, body: dict[str, Any]) -> None:
        """Open the form or carry out the order, or say why not."""
        reply_to = ReplyTo(body["user_id"], body["channel_id"], body.get("response_url", ""))
        async with reply_on_refusal(self._services.ephemeral, reply_to):
            if answer := await self._carry_out(body):
                await self._services.ephemeral.send(reply_to, answer)

    async def _carry_out(self, body: dict[str, Any]) -> SlackMessage | None:
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
        calls, channel = self._services.calls, body["channel_id"]
        try:
            # Who may not ask, or not there, learns it before the form is filled in.
            await calls.check_may_ask(body["user_id"], channel)
            origin, typed = ids.FormOrigin(channel), Prefill.of(command)
            frozen = await self._services.safeguards.is_frozen()
            form = call_form(origin, typed, calls.rules.policy, calls.contract, frozen=frozen)
            await self._services.messenger.open_modal(body["trigger_id"], form)
        except CallgateError as error:
            return not_opened(error.sentence, f"{body['command']} {body.get('text') or ''}".strip())
        return None
