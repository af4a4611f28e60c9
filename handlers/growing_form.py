"""The call form grows: at a purpose that can need consent, at More options, and at what else is missing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.ask import Purpose
from bot.domain.errors import InvalidFields, Refused
from bot.domain.policy.consent import NO_CONSENT
from bot.slack.api.ephemeral_replies import ReplyTo
from bot.slack.show import ids
from bot.slack.show.call_form import Prefill, Unfolded, call_form
from bot.slack.show.modal import View
from handlers.form_values import FormValues
from handlers.refusals import reply_on_refusal
from handlers.services import Services


class GrowingForm:
    """The listeners for what unfolds the form. It only grows, so that nothing typed is ever gone."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def purpose_chosen(self, body: dict[str, Any]) -> None:
        """Ask for the consent too, if the policy wants it for this purpose."""
        view = body.get("view")
        chosen, policy = _chosen(body), self._services.calls.rules.policy
        # For some number it may be needed: which one is called need not be typed yet.
        wanted = chosen in set(Purpose) and policy.needs_consent(Purpose(chosen)) is not None
        if view and wanted and _unfolded(view) is Unfolded.NOTHING:
            # Of a form that shows more by now, what it shows must not be taken away again.
            await self._unfold(body, Unfolded.CONSENT, only_if=view.get("hash"))

    async def consent_chosen(self, body: dict[str, Any]) -> None:
        """Ask for the record of a consent, unless none is known."""
        view = body.get("view")
        if not view:
            return
        none_is_known = _chosen(body) == NO_CONSENT
        records = [b for b in view.get("blocks", []) if b.get("block_id") == ids.CONSENT_REFERENCE]
        if any(block.get("optional") for block in records) != none_is_known:
            await self._unfold(body, _unfolded(view), view.get("hash"), consent_kind=_chosen(body))

    async def more_options(self, body: dict[str, Any]) -> None:
        """Show every field."""
        if body.get("view"):
            await self._unfold(body, Unfolded.ALL)

    @asynccontextmanager
    async def for_errors(self, ack: AsyncAck, view: View) -> AsyncIterator[None]:
        """Where something is wrong with a field that is not shown yet, the form shows it and says what."""
        try:
            yield
        except InvalidFields as error:
            if set(error.errors) <= set(FormValues(view).shown):
                raise
            unfolded = max(_unfolded(view), Unfolded.to_show(error.errors))
            await ack(response_action="update", view=await self._form(view, unfolded, error.errors))

    async def _unfold(
        self, body: dict[str, Any], unfolded: Unfolded, only_if: str | None = None, consent_kind: str = ""
    ) -> None:
        view = body["view"]
        try:
            channel = ids.FormOrigin.read(view.get("private_metadata")).channel
        except Refused:
            channel = ""  # the form does not say where it was asked for
        async with reply_on_refusal(self._services.ephemeral, ReplyTo(body["user"]["id"], channel, "")):
            form = await self._form(view, unfolded, consent_kind=consent_kind)
            await self._services.messenger.update_modal(view["id"], form, only_if)

    async def _form(
        self,
        view: View,
        unfolded: Unfolded,
        errors: Mapping[str, str] | None = None,
        consent_kind: str = "",
    ) -> View:
        values, place = FormValues(view), ids.FormOrigin.read(view.get("private_metadata"))
        consent_kind = consent_kind or values.text(ids.CONSENT_KIND)
        typed = Prefill(values.text(ids.TO_NUMBER), values.text(ids.METADATA), consent_kind)
        calls, frozen = self._services.calls, await self._services.safeguards.is_frozen()
        policy, contract = calls.rules.policy, calls.contract
        return call_form(place, typed, policy, contract, unfolded, errors, frozen=frozen)


def _chosen(body: dict[str, Any]) -> str:
    """The option just chosen: of the click itself, because the form's state may be an old one."""
    option = body["actions"][0].get("selected_option")
    return str(option.get("value") or "") if isinstance(option, Mapping) else ""


def _unfolded(view: View) -> Unfolded:
    return Unfolded.of(FormValues(view).shown)
