"""What a provider of voice agents says of its API, as far as others than its adapter have to know it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class VoiceContract:
    """Each adapter has one (`VoiceApi.contract`).

    `call_sid` matches the whole id of a call, `call_sid_looks` shows people what one looks like.
    `encryptions` are those of the outbound leg, the default first. The base64 form of the metadata has to be
    less than `max_metadata` bytes. The status of a call is kept for `status_kept` after its end.
    """

    call_sid: re.Pattern[str]
    call_sid_looks: str
    encryptions: tuple[str, ...]
    max_metadata: int
    status_kept: timedelta
