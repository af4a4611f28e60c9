"""A click on one of a card's buttons."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.domain.call_request import CallRequest
from bot.domain.errors import TooLate
from bot.slack.api.ephemeral_replies import ReplyTo
from bot.slack.show import ids
from handlers.refusals import reply_on_refusal
from handlers.services import Services


@dataclass(frozen=True)
class CardClick:
    """Who clicked, on the button of which request: as it stood then, and as the card showed it (`handle`)."""

    user: str
    request: CallRequest
    handle: ids.Handle
    trigger_id: str
    reply_to: ReplyTo
    message_ts: str | None


@asynccontextmanager
async def clicked(services: Services, body: Mapping[str, Any]) -> AsyncIterator[CardClick]:
    """Read the click; the person is told what goes wrong, and an old card or a second copy is redrawn."""
    user, channel = body["user"]["id"], body.get("channel") or {}
    reply_to = ReplyTo(user, channel.get("id", ""), body.get("response_url", ""))
    async with reply_on_refusal(services.ephemeral, reply_to):
        handle = ids.Handle.read(body["actions"][0].get("value"))
        request = await services.calls.get(handle.request_id)
        shown = body.get("container", {}).get("message_ts")
        shown, is_old = shown if ids.is_message_ts(shown) else None, False
        try:
            yield CardClick(user, request, handle, body.get("trigger_id") or "", reply_to, shown)
        except TooLate:
            is_old = True  # else the button would not be there
            raise
        finally:
            if shown is not None:
                await services.calls.redraw(request, shown, is_old=is_old)
