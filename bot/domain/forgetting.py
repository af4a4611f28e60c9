"""What is left of a request when everything personal about its recipient is deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.ask import PERSONAL, FieldMark
from bot.domain.call_request import CallRequest
from bot.domain.phone_number import calling_code


def forgotten(request: CallRequest, at: datetime) -> dict[str, Any]:
    """The fields that change: every personal one becomes empty; of the number the calling code is left."""
    changes: dict[str, Any] = {}
    for name in personal_fields():
        field = CallRequest.model_fields[name]
        kind: Any = field.annotation
        # None where the field is optional; else an empty text, or an empty object.
        changes[name] = kind() if field.is_required() else None
    return {**changes, "to_number": calling_code(request.to_number), "forgotten_at": at}


def personal_fields() -> list[str]:
    """The names of the fields that say something about the recipient."""
    return [
        name
        for name, field in CallRequest.model_fields.items()
        if any(mark == PERSONAL or (isinstance(mark, FieldMark) and mark.personal) for mark in field.metadata)
    ]
