"""A call request as it was submitted: what never changes afterwards, and its fingerprint for the record."""

from __future__ import annotations

import json
from typing import Any

from bot.domain.call_request import CallRequest, sha256_of

FIELDS = {
    "id", "form_id", "requester", "channel", "origin_channel", "to_number", "number_as_typed", "region",
    "number_type", "zone", "zone_known_by", "not_before", "purpose", "why", "consent_kind",
    "consent_reference", "consent_text", "metadata", "encryption", "also_open", "payload_sha256",
    "created_at", "approval_expires_at", "approvals_required",
}  # fmt: skip
"""What belongs to it. A field may be added where it can be empty, for what is empty is left out."""

_to_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def as_submitted(request: CallRequest) -> dict[str, Any]:
    """The fields as JSON has them; times as ISO 8601 in UTC with microseconds."""
    return request.model_dump(mode="json", include=FIELDS, exclude_none=True)


def submission_sha256(request: CallRequest) -> str:
    """SHA-256 of that object as JSON in ASCII, its keys sorted, without spaces; in lower-case hex."""
    text = _to_json(as_submitted(request))
    return sha256_of(text.encode())
