"""The small forms behind Deny and It was placed."""

from __future__ import annotations

from bot.domain.voice_contract import VoiceContract
from bot.slack.show import ids
from bot.slack.show.modal import View, field, modal
from bot.slack.show.text import plain, rich_text, text

MAX_REASON = 500
"""Characters of the reason for a denial."""


def deny_form(handle: ids.Handle) -> View:
    """Asks for the reason of a denial."""
    element = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": MAX_REASON,
        "placeholder": plain("What would have to change"),
    }
    blocks = [field(ids.REASON, "Why not", element, hint="It goes into the request's thread.")]
    return modal("Deny the call", blocks, submit="Deny", callback_id=ids.DENY_FORM, carries=handle.write())


def confirm_form(handle: ids.Handle, contract: VoiceContract) -> View:
    """Asks for the `call_sid` of an unconfirmed call that somebody found at PolyAI."""
    element = {"type": "plain_text_input", "placeholder": plain(contract.call_sid_looks), "max_length": 128}
    blocks = [
        rich_text(text("Look the call up in PolyAI. From here on its status is followed as usual.")),
        field(ids.CALL_SID, "call_sid", element),
    ]
    return modal(
        "It was placed", blocks, submit="Follow it", callback_id=ids.CONFIRM_FORM, carries=handle.write()
    )
