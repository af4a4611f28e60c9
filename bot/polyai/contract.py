"""What the contract of the Outbound Calling API says, and nothing that we made of it.

Source: PolyAI's OpenAPI document of the Outbound Calling API (triggerOutboundCall, getCallStatus).
"""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.voice_contract import VoiceContract

PLACE = "/v1/outbound-calling"
STATUS = "/v1/outbound-calling/{call_sid}/status"
TOKEN_HEADER = "X-PolyAi-Auth-Token"  # noqa: S105 - its name, not its value

CALL_SID = re.compile(r"OUT-[A-Za-z0-9-]{1,124}\Z")
"""A `call_sid` always starts with `OUT-`."""

BEGINS_AS_A_SID = re.compile(rb"(?<![A-Za-z0-9])OUT-[A-Za-z0-9-]*")

NO_CALL = "OUT-callgate-asks-for-no-call"
"""A `call_sid` that no call has."""

STATUSES = {"queued": "queued", "calling": "ringing", "success": "succeeded", "failure": "failed"}
"""The contract's words for a call's status, and ours. `success` may only mean that the call connected."""


def in_our_words(status: str) -> str:
    """A status as the domain knows it; a word that the contract does not know stays as it is.

    Where such a word happens to be one of ours, it is put in quotation marks: only what the contract calls
    final ends a call.
    """
    if status in STATUSES:
        return STATUSES[status]
    return f'"{status}"' if status in STATUSES.values() else status


CONTRACT = VoiceContract(
    call_sid=CALL_SID,
    call_sid_looks="OUT-…",
    encryptions=("TLS/SRTP", "TLS/RTP", "UDP/SRTP", "UDP/RTP"),
    max_metadata=26 * 1024,
    status_kept=timedelta(hours=2),
)
