"""A click on one of a card's buttons."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.api.ephemeral_replies import ReplyTo
from bot.slack.show import ids
from handlers.refusals import reply_on_refusal
from handlers.services import Services


@dataclass(frozen=True)
class CardClick:
    """Who clicked, on which request's button, on which copy of its card."""

    user: str
    value: object
    message_ts: str | None
    trigger_id: str
    reply_to: ReplyTo

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> CardClick:
        """From a payload of the right shape."""
        message_ts = body.get("container", {}).get("message_ts")
        return cls(
            user=body["user"]["id"],
            value=body["actions"][0].get("value"),
            message_ts=message_ts if ids.is_message_ts(message_ts) else None,
            trigger_id=body.get("trigger_id") or "",
            reply_to=_reply_to(body),
        )

    @property
    def handle(self) -> ids.Handle:
        """Which request it is about. Raises Refused where the button's value is not one of ours."""
        return ids.Handle.read(self.value)


@asynccontextmanager
async def clicked(services: Services, ack: AsyncAck, body: Mapping[str, Any]) -> AsyncIterator[CardClick]:
    """Acknowledge the click, which has to be checked with Slack, and tell the person what goes wrong."""
    await ack()
    async with reply_on_refusal(services.ephemeral, _reply_to(body)):
        click = CardClick.read(body)
        try:
            yield click
        finally:
            await _mend_copy(services, click)


def _reply_to(body: Mapping[str, Any]) -> ReplyTo:
    channel = body.get("channel") or {}
    return ReplyTo(body["user"]["id"], channel.get("id", ""), body.get("response_url", ""))


async def _mend_copy(services: Services, click: CardClick) -> None:
    """Bring a second copy of the card up to date, if that is what was clicked.

    A card whose post was answered too late for us to hear is posted again; the click on the copy we
    do not know tells us where it is.
    """
    request = await services.calls.store.get(click.handle.request_id)
    if click.message_ts and request.card_ts and click.message_ts != request.card_ts:
        await services.calls.store.refresh_card(request.id, click.message_ts, services.clock.now())
