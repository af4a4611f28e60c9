"""A modal that may take long to make: a trigger is good for three seconds only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.domain.errors import CallgateError, TooLate
from bot.slack.show.modal import View, notice
from handlers.click import CardClick
from handlers.refusals import unexpected
from handlers.services import Services

_PATIENCE = 1.0
"""Seconds of the trigger's three that are waited; the rest is Slack's, for opening it."""


async def open_filled(
    services: Services, click: CardClick, title: str, make: Callable[[], Awaitable[View]]
) -> None:
    """Open what is made, or at least something in time, which is filled later.

    Who may look is asked of Slack, page by page in a channel of thousands. What goes wrong once something
    is open is said in it.

    Raises:
        CallgateError: as `make`, as long as nothing is open.
    """
    making = asyncio.ensure_future(make())
    try:
        done, _ = await asyncio.wait({making}, timeout=_PATIENCE)
        first = making.result() if done else notice(title, "One moment, please …")
        view_id = await services.messenger.open_modal(click.trigger_id, first)
        if not done:
            await services.messenger.update_modal(view_id, await _made(services, click, title, making))
    finally:
        making.cancel()


async def _made(services: Services, click: CardClick, title: str, making: Awaitable[View]) -> View:
    try:
        return await making
    except CallgateError as error:
        if isinstance(error, TooLate) and click.message_ts is not None:
            await services.calls.redraw(click.request, click.message_ts, is_old=True)
        return notice(title, error.sentence)
    except Exception:
        return notice(title, unexpected())
