"""Whether a request over HTTP was signed by Slack, not long ago, and did not come before.

Source: Slack's page "Verifying requests from Slack": HMAC-SHA256 over `v0:{timestamp}:{body}`, and nothing
older than five minutes.

What came before this process began is not remembered; so it is refused by its timestamp. Slack's own clock
says when that was, whatever ours says: a timestamp is in whole seconds of it, and so is `began`. Within that
second nobody can tell before from after, so all of it is refused.
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"

_TIMESTAMP = re.compile(r"[0-9]{1,12}\Z")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}\Z")

_FRESH = 300.0
"""Seconds that our clock and a timestamp may be apart."""


class Doubt(StrEnum):
    """Why a request is not taken for one of Slack's."""

    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"
    BEFORE_START = "before_start"
    REPLAY = "replay"


class NotSigned(Exception):
    """Not from Slack, or not any more; the text says what is wrong, and `reason` in a word."""

    def __init__(self, reason: Doubt, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class Signatures:
    """Accepts each signed request once. What was accepted is remembered as long as it would be valid.

    `began` is a moment by Slack's clock; what was signed by then is refused.
    """

    def __init__(self, signing_secret: str, began: datetime) -> None:
        self._began = int(began.timestamp())
        self._secret = signing_secret.encode()
        self._accepted: dict[str, float] = {}

    def accept(self, headers: Mapping[str, str], body: bytes) -> None:
        """Accept this request, and never again. Raises NotSigned."""
        timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
        if not _TIMESTAMP.match(timestamp) or not _SIGNATURE.match(signature):
            raise NotSigned(Doubt.SIGNATURE, "This request is not signed by Slack.")
        if abs(time.time() - int(timestamp)) > _FRESH:
            raise NotSigned(
                Doubt.TIMESTAMP,
                "This request was signed too long ago, or the clock of this machine is wrong.",
            )
        if int(timestamp) <= self._began:
            raise NotSigned(
                Doubt.BEFORE_START,
                "This request was signed before Callgate was started, so it may have come before.",
            )
        digest = hmac.new(self._secret, b"v0:%b:%b" % (timestamp.encode(), body), "sha256")
        if not hmac.compare_digest(signature, f"v0={digest.hexdigest()}"):
            raise NotSigned(Doubt.SIGNATURE, "This request is not signed by Slack.")
        now = time.monotonic()
        while self._accepted and next(iter(self._accepted.values())) < now - 2 * _FRESH:
            del self._accepted[next(iter(self._accepted))]
        if signature in self._accepted:
            raise NotSigned(Doubt.REPLAY, "This request has come before.")
        self._accepted[signature] = now
