"""The hashes of a call request: of what was submitted and never changes, and of what happened since."""

from __future__ import annotations

import json
from typing import Any

from bot.domain.call_request import CallRequest, Submission, sha256_of

SUBMITTED = set(Submission.model_fields)

NOT_OF_THE_STATE = {"payload", "card_ts", "decision", "end_reason", "forgotten_at"}
"""Left out, because the record has it in another way: by its own hash, as it is, or as an event."""

canonical_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
"""The JSON that is hashed: in ASCII, its keys sorted, without spaces."""


def as_submitted(request: Submission) -> dict[str, Any]:
    """The fields as JSON has them; times as ISO 8601 in UTC with microseconds."""
    return request.model_dump(mode="json", include=SUBMITTED, exclude_none=True)


def submission_sha256(request: Submission) -> str:
    """SHA-256 of that object as canonical JSON, in lower-case hex."""
    text = canonical_json(as_submitted(request))
    return sha256_of(text.encode())


def state_sha256(request: CallRequest) -> str:
    """SHA-256, made in the same way, of every other field: what happened to the request since.

    None of these fields says anything about the recipient, so it outlives the deletion of their details.
    """
    left_out = SUBMITTED | NOT_OF_THE_STATE
    text = canonical_json(request.model_dump(mode="json", exclude=left_out, exclude_none=True))
    return sha256_of(text.encode())
