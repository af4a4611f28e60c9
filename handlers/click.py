"""A click on one of a card's buttons."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack import ids
from bot.slack.whisperer import Ear
from handlers.desk import Desk
from handlers.telling import telling


@dataclass(frozen=True)
class Click:
    """Who clicked, on which request's button, on which copy of its card."""

    user: str
    value: object
    message_ts: str | None
    trigger_id: str
    ear: Ear

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Click:
        """From a payload of the right shape."""
        message_ts = body.get("container", {}).get("message_ts")
        return cls(
            user=body["user"]["id"],
            value=body["actions"][0].get("value"),
            message_ts=message_ts if ids.is_message_ts(message_ts) else None,
            trigger_id=body.get("trigger_id") or "",
            ear=_ear(body),
        )

    @property
    def handle(self) -> ids.Handle:
        """Which request it is about. Raises Refused where the button's value is not one of ours."""
        return ids.Handle.read(self.value)


@asynccontextmanager
async def clicked(desk: Desk, ack: AsyncAck, body: Mapping[str, Any]) -> AsyncIterator[Click]:
    """Acknowledge the click, which has to be checked with Slack, and tell the person what goes wrong."""
    await ack()
    async with telling(desk.whisperer, _ear(body)):
        click = Click.read(body)
        try:
            yield click
        finally:
            await _mend_copy(desk, click)


def _ear(body: Mapping[str, Any]) -> Ear:
    channel = body.get("channel") or {}
    return Ear(body["user"]["id"], channel.get("id", ""), body.get("response_url", ""))


async def _mend_copy(desk: Desk, click: Click) -> None:
    """Bring a second copy of the card up to date, if that is what was clicked.

    A card whose post was answered too late for us to hear is posted again; the click on the copy we
    do not know tells us where it is.
    """
    request = await desk.service.store.get(click.handle.request_id)
    if click.message_ts and request.card_ts and click.message_ts != request.card_ts:
        await desk.service.store.refresh_card(request.id, click.message_ts, desk.clock.now())
