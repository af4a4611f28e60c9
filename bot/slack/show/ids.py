"""The names by which Slack and we know each other's commands, forms, fields and buttons."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from bot.domain.call_request import REQUEST_ID
from bot.domain.command_name import command
from bot.domain.errors import Refused

CALL_FORM = "call_form"
DENY_FORM = "deny_form"
CONFIRM_FORM = "confirm_form"
REVIEW = "review"

TO_NUMBER = "to_number"
COUNTRY = "country"
PURPOSE = "purpose"
WHY = "why"
METADATA = "metadata"
METADATA_FILE = "metadata_file"
ENCRYPTION = "encryption"
CONSENT_KIND = "consent_kind"
CONSENT_REFERENCE = "consent_reference"
ZONE = "zone"
ZONE_KNOWN_BY = "zone_known_by"
NOT_BEFORE_DATE = "not_before_date"
NOT_BEFORE_TIME = "not_before_time"
REASON = "reason"
CALL_SID = "call_sid"
ALWAYS_SHOWN = (TO_NUMBER, COUNTRY, PURPOSE, WHY, METADATA)
"""The call form's fields that need no unfolding. A field's name is the id of its block and of its element."""

MORE_OPTIONS = "more_options"
"""The button that unfolds the fields which few calls need."""

APPROVE = "approve"
DENY = "deny"
OPEN_REVIEW = "open_review"
CANCEL = "cancel"
IT_WAS_PLACED = "it_was_placed"
FOLLOW_IT = "follow_it"
CLOSE_IT = "close_it"
ASKED_TO_STOP = "asked_to_stop"

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,40}\Z")
_TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}\Z")


@dataclass(frozen=True)
class Handle:
    """What a button carries: a request, and the hash of the submission that its card showed."""

    request_id: str
    sha256: str

    def write(self) -> str:
        """As a button's value, or a form's private metadata."""
        return f"{self.request_id}:{self.sha256}"

    @classmethod
    def read(cls, value: object) -> Handle:
        """Raises Refused for anything that `write` did not write."""
        request_id, _, sha256 = value.partition(":") if isinstance(value, str) else ("", "", "")
        if not REQUEST_ID.match(request_id) or not _SHA256.match(sha256):
            raise Refused("That button does not belong to a call request. Use the buttons on the card.")
        return cls(request_id, sha256)


@dataclass(frozen=True)
class FormOrigin:
    """Where a form was asked for: a modal itself has no channel."""

    channel: str

    def write(self) -> str:
        """As a form's private metadata."""
        return json.dumps({"channel": self.channel})

    @classmethod
    def read(cls, value: object) -> FormOrigin:
        """Raises Refused for anything that `write` did not write."""
        try:
            content = json.loads(value) if isinstance(value, str) else None
        except (ValueError, RecursionError):
            content = None
        channel = content.get("channel") if isinstance(content, dict) else None
        if not isinstance(channel, str) or not _CHANNEL.match(channel):
            raise Refused(f"This form lost its channel. Close it and type {command()} again.")
        return cls(channel)


def is_message_ts(value: object) -> bool:
    """Whether this can be a message's timestamp."""
    return isinstance(value, str) and _TS.match(value) is not None
