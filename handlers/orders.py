"""What stops calls and has them go on: the words behind `/call`, and the button They asked us to stop."""

from __future__ import annotations

from typing import Any

from bot.domain.command_text import FreezeDialing, Stop, UnfreezeDialing, Unstop
from bot.domain.phone_number import parse_with_country_code, to_e164
from bot.slack.show import order_answers
from bot.slack.show.message import SlackMessage, say
from handlers.click import clicked
from handlers.services import Services

Order = Stop | Unstop | FreezeDialing | UnfreezeDialing


class Orders:
    """Each is carried out for the person who gave it, who alone is told what came of it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def carry_out(self, order: Order, body: dict[str, Any]) -> SlackMessage:
        """Do it; returns what to answer. Raises Refused."""
        user, channel = body["user_id"], body["channel_id"]
        match order:
            case Stop():
                number = parse_with_country_code(order.number)
                why = order.why or "They asked to stop."
                done = await self._services.safeguards.stop(user, number.e164, why)
                return say(order_answers.stopped(number.international, done))
            case Unstop():
                return say(await self._unstop(order, user, channel))
            case FreezeDialing(why):
                frozen, others = await self._services.safeguards.freeze(user, channel, why)
                return say(order_answers.frozen(frozen, others))
            case UnfreezeDialing(freeze):
                lifted, other = await self._services.safeguards.unfreeze(user, channel, freeze)
                return say(order_answers.lifted(lifted, other))

    async def asked_to_stop(self, body: dict[str, Any]) -> None:
        """The recipient of a finished call wants no other."""
        async with clicked(self._services, body) as click:
            done = await self._services.safeguards.asked_to_stop(click.user, click.request.id)
            if not done.new and click.message_ts is not None:
                # The number was put on the list elsewhere, so this card does not say so yet.
                await self._services.calls.redraw(click.request, click.message_ts, is_old=True)
            await self._services.ephemeral.send(
                click.reply_to, say(order_answers.stopped("The number", done))
            )

    async def _unstop(self, order: Unstop, user: str, channel: str) -> str:
        number = to_e164(order.number)
        if order.agrees is not None:
            await self._services.safeguards.agree_to_unstop(user, channel, number, order.agrees)
            return order_answers.unstopped(number)
        asked = await self._services.safeguards.unstop(user, channel, number, order.why)
        return order_answers.removal_asked(number, asked)
