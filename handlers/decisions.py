"""Approve, Deny, Cancel and Review, and the form that asks for a denial's reason."""

from __future__ import annotations

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import InvalidFields
from bot.domain.visible import read_line
from bot.slack.show import ids
from bot.slack.show.decision_forms import MAX_REASON, deny_form
from bot.slack.show.modal import View
from bot.slack.show.review import review
from handlers.click import clicked
from handlers.filled_modal import open_filled
from handlers.form_values import FormValues
from handlers.refusals import errors_in_form
from handlers.services import Services


class DecisionHandlers:
    """The listeners for a decision."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def approve(self, body: dict[str, Any]) -> None:
        """The second person's yes."""
        async with clicked(self._services, body) as click:
            await self._services.calls.approve(click.request, click.user, click.handle.sha256)

    async def cancel(self, body: dict[str, Any]) -> None:
        """The requester takes it back."""
        async with clicked(self._services, body) as click:
            await self._services.calls.cancel(click.request, click.user)

    async def open_review(self, body: dict[str, Any]) -> None:
        """Every detail, in a modal that only this person sees."""
        async with clicked(self._services, body) as click:

            async def make() -> View:
                await self._services.calls.review(click.request, click.user)
                return review(click.request)

            await open_filled(self._services, click, "Review the call", make)

    async def deny(self, body: dict[str, Any]) -> None:
        """Ask for the reason, if this person could still deny it."""
        async with clicked(self._services, body) as click:

            async def make() -> View:
                await self._services.calls.check_may_deny(click.request, click.user)
                return deny_form(click.handle)

            await open_filled(self._services, click, "Deny the call", make)

    async def denied(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        """The second person's no. Checked before it is acknowledged, so that the reason is not lost."""
        async with errors_in_form(ack, view):
            handle = ids.Handle.read(view.get("private_metadata"))
            reason = read_line(FormValues(view).texts().get(ids.REASON, ""), ids.REASON, MAX_REASON)
            if not reason:
                raise InvalidFields({ids.REASON: "Say why not; the requester reads it in the thread."})
            request = await self._services.calls.get(handle.request_id)
            await self._services.calls.deny(request, body["user"]["id"], reason)
            await ack()
