"""Follow, It was placed and Close it: what a person says of an unconfirmed call."""

from __future__ import annotations

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.show import ids
from bot.slack.show.decision_forms import confirm_form
from bot.slack.show.modal import View
from handlers.click import clicked
from handlers.filled_modal import open_filled
from handlers.form_values import FormValues
from handlers.refusals import errors_in_form
from handlers.services import Services


class ResolutionHandlers:
    """The listeners for an unconfirmed call's buttons."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def follow_it(self, body: dict[str, Any]) -> None:
        """It is the call that the answer named."""
        async with clicked(self._services, body) as click:
            await self._services.calls.confirm_reported(click.request, click.user)

    async def it_was_placed(self, body: dict[str, Any]) -> None:
        """Ask for its `call_sid`."""
        async with clicked(self._services, body) as click:

            async def make() -> View:
                await self._services.calls.check_may_resolve(click.request, click.user)
                return confirm_form(click.handle, self._services.calls.contract)

            await open_filled(self._services, click, "It was placed", make)

    async def confirmed(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        """Follow the call from here on."""
        async with errors_in_form(ack, view):
            handle = ids.Handle.read(view.get("private_metadata"))
            call_sid = FormValues(view).texts().get(ids.CALL_SID, "").strip()
            request = await self._services.calls.get(handle.request_id)
            await self._services.calls.confirm_placed(request, body["user"]["id"], call_sid)
            await ack()

    async def close_it(self, body: dict[str, Any]) -> None:
        """End it for good."""
        async with clicked(self._services, body) as click:
            await self._services.calls.close(click.request, click.user)
