"""The call form: its type-aheads, and its submission."""

from __future__ import annotations

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.ask_form import read_ask
from bot.domain.countries import find_countries
from bot.domain.policy.zones import find_zones
from bot.slack.show import ids
from bot.slack.show.modal import options
from handlers.form_values import FormValues
from handlers.growing_form import GrowingForm
from handlers.refusals import errors_in_form
from handlers.services import Services


class CallFormHandlers:
    """The listeners for the call form."""

    def __init__(self, services: Services, growing_form: GrowingForm) -> None:
        self._services, self._growing_form = services, growing_form

    async def suggest_countries(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Countries whose names fit what was typed so far."""
        found = find_countries(str(body.get("value") or ""))
        await ack(options=options((country.name, country.code) for country in found))

    async def suggest_zones(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Time zones whose names fit what was typed so far."""
        found = find_zones(str(body.get("value") or ""))
        await ack(options=options((zone, zone) for zone in found))

    async def submitted(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        """Check the form, store the request, and only then let the form close."""
        async with errors_in_form(ack, view), self._growing_form.for_errors(ack, view):
            place = ids.FormOrigin.read(view.get("private_metadata"))
            values = FormValues(view)
            uploaded = values.file(ids.METADATA_FILE)
            file = await self._services.files.fetch(uploaded, ids.METADATA_FILE) if uploaded else None
            ask = read_ask(values.texts(), self._services.calls.contract, file)
            await self._services.calls.submit(body["user"]["id"], place.channel, view["id"], ask)
            await ack()
