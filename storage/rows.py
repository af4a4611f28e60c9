"""Between the rows of the database and the objects of the domain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from bot.domain.call_request import CallRequest
from bot.domain.moment import iso

to_json = json.JSONEncoder(ensure_ascii=False).encode
"""As JSON is stored in a column, so that people can read it there."""

_AS_IT_IS = (str, int)


def to_column(value: Any) -> Any:
    """A field's value as it is stored: times as ISO 8601 in UTC, bytes as text, the rest as JSON."""
    if value is None or type(value) in _AS_IT_IS:
        return value
    match value:
        case datetime():
            return iso(value)
        case Enum():
            return value.value
        case bytes():
            return value.decode()
        case dict():
            return to_json(value)
        case tuple():
            return f"[{','.join(to_column(each) for each in value)}]"
        case BaseModel():
            return to_json(value.model_dump(mode="json", exclude_none=True))
    return value


def _is_json(annotation: Any) -> bool:
    """Whether a field of this type is more than one value."""
    kinds = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    types = [get_origin(kind) or kind for kind in kinds]
    return any(isinstance(kind, type) and issubclass(kind, (dict, tuple, BaseModel)) for kind in types)


_JSON = [name for name, field in CallRequest.model_fields.items() if _is_json(field.annotation)]


def to_row(request: CallRequest) -> dict[str, Any]:
    """The columns that store the request; those that stay empty are left out."""
    row = request.model_dump(mode="json", exclude_none=True)
    return row | {name: to_json(row[name]) for name in _JSON if name in row}


def to_request(row: Mapping[str, Any]) -> CallRequest:
    """The request that a row stores."""
    return CallRequest.model_validate({**row, **{name: json.loads(row[name] or "null") for name in _JSON}})


def to_time(value: str | None) -> datetime | None:
    """A stored time."""
    return None if value is None else datetime.fromisoformat(value)
