"""A call request as it was submitted: what never changes afterwards, and its fingerprint for the record."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bot.domain.call_request import CallRequest, sha256_of

FIELDS = (
    "id", "form_id", "requester", "channel", "origin_channel", "to_number", "number_as_typed", "region",
    "number_type", "zone", "zone_known_by", "not_before", "purpose", "why", "consent_kind",
    "consent_reference", "consent_text", "metadata", "encryption", "payload_sha256", "created_at",
    "approval_expires_at", "approvals_required",
)  # fmt: skip
"""What belongs to it. A field may be added where it can be empty, for what is empty is left out."""


def as_submitted(request: CallRequest) -> dict[str, Any]:
    """The fields as JSON has them; times as ISO 8601 in UTC with microseconds."""
    values = {name: _plain(getattr(request, name)) for name in FIELDS}
    return {name: value for name, value in values.items() if value is not None}


def submission_sha256(request: CallRequest) -> str:
    """SHA-256 of that object as JSON in ASCII, its keys sorted, without spaces; in lower-case hex."""
    text = json.dumps(as_submitted(request), sort_keys=True, separators=(",", ":"))
    return sha256_of(text.encode())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value
