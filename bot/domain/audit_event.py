"""The audit chain: what an audit event is, and the hash that ties it to the one before.

An event's hash is the SHA-256 of one JSON array in ASCII (everything else as `\\uXXXX`), without
spaces, of these nine values as they are stored:

    [previous_sha256, id, call_request_id, at, actor, event, status_before, status_after, details]

`previous_sha256` is the hash of the event before, sixty-four zeros for the first; `details` is JSON
text and is hashed as that text. Events are numbered from 1 without a gap. None of this may ever change:
the hashes that are stored would no longer match.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
"""The first event's `previous_sha256`."""


@dataclass(frozen=True)
class AuditEvent:
    """One row of `audit_events`; the fields are its columns. `at` is ISO 8601 in UTC, `details` is JSON."""

    id: int
    call_request_id: str | None
    at: str
    actor: str
    event: str
    status_before: str | None
    status_after: str | None
    details: str
    previous_sha256: str
    sha256: str = ""

    @property
    def said(self) -> Mapping[str, Any]:
        """Its details, parsed."""
        said: dict[str, Any] = json.loads(self.details)
        return said

    def hashed(self) -> str:
        """The hash that this event must have."""
        values = [
            self.previous_sha256,
            self.id,
            self.call_request_id,
            self.at,
            self.actor,
            self.event,
            self.status_before,
            self.status_after,
            self.details,
        ]
        text = _to_json(values)
        return hashlib.sha256(text.encode()).hexdigest()


# Only somebody who tampers stores bytes in a column of text. This is hashed as no text is, and found.
_to_json = json.JSONEncoder(separators=(",", ":"), default=lambda value: {"foreign": repr(value)}).encode
