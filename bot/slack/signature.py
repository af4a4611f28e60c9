"""Whether a request over HTTP was signed by Slack, not long ago, and did not come before.

Source: Slack's page "Verifying requests from Slack": HMAC-SHA256 over `v0:{timestamp}:{body}`, and nothing
older than five minutes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

from slack_sdk.signature import SignatureVerifier

TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"

# The verifier trusts both to be plain: it raises at a timestamp that is no number, or at a letter that is
# not ASCII in a signature.
_TIMESTAMP = re.compile(r"[0-9]{1,12}\Z")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}\Z")

_GOOD_FOR = 600.0
"""Seconds for which a signature may be accepted: five minutes either side of its timestamp."""


class NotSigned(Exception):
    """Not from Slack, or not any more; the text says what is wrong."""


class Signatures:
    """Accepts each signed request once. What was accepted is remembered as long as it would be valid."""

    def __init__(self, signing_secret: str) -> None:
        self._verifier = SignatureVerifier(signing_secret)
        self._accepted: dict[str, float] = {}

    def accept(self, headers: Mapping[str, str], body: str) -> None:
        """Accept this request, and never again. Raises NotSigned."""
        timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
        if not _TIMESTAMP.match(timestamp) or not _SIGNATURE.match(signature):
            raise NotSigned("This request is not signed by Slack.")
        if not self._verifier.is_valid(body, timestamp, signature):
            raise NotSigned("This request is not signed by Slack, or was signed too long ago.")
        self._remember(signature)

    def _remember(self, signature: str) -> None:
        now = time.monotonic()
        while self._accepted and next(iter(self._accepted.values())) < now - _GOOD_FOR:
            del self._accepted[next(iter(self._accepted))]
        if signature in self._accepted:
            raise NotSigned("This request has come before.")
        self._accepted[signature] = now
