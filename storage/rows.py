"""Between the rows of the database and the objects of the domain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from pydantic import BaseModel

from bot.domain.call_request import CallRequest

COLUMNS = tuple(CallRequest.model_fields)
_AS_IT_IS = (str, int)
_JSON = ("metadata", "approvals", "decision")


def to_column(value: Any) -> Any:
    """A field's value as it is stored: times as ISO 8601 in UTC, bytes as text, the rest as JSON."""
    if value is None or type(value) in _AS_IT_IS:
        return value
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case Enum():
            return value.value
        case bytes():
            return value.decode()
        case Mapping():
            return json.dumps(value, ensure_ascii=False)
        case BaseModel():
            return value.model_dump_json()
        case tuple():
            return f"[{','.join(to_column(each) for each in value)}]"
    return value


def to_row(request: CallRequest) -> dict[str, Any]:
    """The row that stores the request."""
    return {column: to_column(getattr(request, column)) for column in COLUMNS}


def to_request(row: Mapping[str, Any]) -> CallRequest:
    """The request that a row stores."""
    return CallRequest.model_validate({**row, **{name: json.loads(row[name] or "null") for name in _JSON}})


def to_time(value: str | None) -> datetime | None:
    """A stored time."""
    return None if value is None else datetime.fromisoformat(value)
