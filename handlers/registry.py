"""Which listener hears what: the whole list, and nothing else.

What has to be durable, or to be answered in the acknowledgement itself, acknowledges by itself when it is
done: forms, and the options of a field. All else is acknowledged at once and carried out afterwards, which is
what Bolt calls a lazy listener.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import crash_points
from bot.domain.command_name import command
from bot.slack.show import ids
from handlers.call_form import CallFormHandlers
from handlers.command import Command
from handlers.decisions import DecisionHandlers
from handlers.errors import answer_error
from handlers.growing_form import GrowingForm
from handlers.orders import Orders
from handlers.resolution import ResolutionHandlers
from handlers.services import Services

Listener = Callable[..., Awaitable[None]]


def register(app: AsyncApp, services: Services) -> None:
    """Register every listener."""
    growing_form = GrowingForm(services)
    form, decisions = CallFormHandlers(services, growing_form), DecisionHandlers(services)
    resolution = ResolutionHandlers(services)

    app.command(command())(**_at_once(Command(services).typed))

    app.view(ids.CALL_FORM)(_when_done(form.submitted))
    app.options(ids.COUNTRY)(_when_done(form.suggest_countries))
    app.options(ids.ZONE)(_when_done(form.suggest_zones))
    app.action(ids.PURPOSE)(**_at_once(growing_form.purpose_chosen))
    app.action(ids.CONSENT_KIND)(**_at_once(growing_form.consent_chosen))
    app.action(ids.MORE_OPTIONS)(**_at_once(growing_form.more_options))

    app.action(ids.APPROVE)(**_at_once(decisions.approve))
    app.action(ids.CANCEL)(**_at_once(decisions.cancel))
    app.action(ids.OPEN_REVIEW)(**_at_once(decisions.open_review))
    app.action(ids.DENY)(**_at_once(decisions.deny))
    app.view(ids.DENY_FORM)(_when_done(decisions.denied))

    app.action(ids.FOLLOW_IT)(**_at_once(resolution.follow_it))
    app.action(ids.IT_WAS_PLACED)(**_at_once(resolution.it_was_placed))
    app.view(ids.CONFIRM_FORM)(_when_done(resolution.confirmed))
    app.action(ids.CLOSE_IT)(**_at_once(resolution.close_it))

    app.action(ids.ASKED_TO_STOP)(**_at_once(Orders(services).asked_to_stop))

    app.error(answer_error)


def _at_once(listener: Listener) -> dict[str, Any]:
    """Acknowledged first, carried out in a task of its own."""

    async def acknowledge(ack: AsyncAck) -> None:
        with crash_points.around(f"ack of {listener.__qualname__}"):
            await ack()

    return {"ack": acknowledge, "lazy": [listener]}


def _when_done(listener: Listener) -> Listener:
    """The listener acknowledges by itself; around that a test can have the process die."""

    @functools.wraps(listener)
    async def heard(**given: Any) -> None:
        async def acknowledge(**answer: Any) -> None:
            with crash_points.around(f"ack of {listener.__qualname__}"):
                await given["ack"](**answer)

        await listener(**{**given, "ack": acknowledge})

    return heard
