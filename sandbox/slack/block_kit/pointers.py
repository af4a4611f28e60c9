"""Says what is wrong with blocks in Slack's way: a sentence and a JSON pointer."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails


def messages_of(error: ValidationError, value: object, prefix: str = "") -> list[str]:
    """One sentence with its pointer for each fault."""
    return [
        f"{_sentence(fault)} [json-pointer:{prefix}{_pointer(fault['loc'], value)}]"
        for fault in error.errors(include_url=False, include_input=False)
    ]


def _pointer(loc: tuple[int | str, ...], value: Any) -> str:
    # The place also names the model that was chosen (by its "type"), once, before what is inside of it.
    pointer, chosen = "", False
    for part in loc:
        if isinstance(value, dict) and value.get("type") == part and not chosen:
            chosen = True
        elif _contains(value, part):
            value, chosen = value[part], False
            pointer += f"/{part}"
    return pointer


def _contains(value: Any, part: int | str) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, dict) and part in value


def _sentence(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    name = fault["loc"][-1] if fault["loc"] else ""
    match fault["type"]:
        case "missing":
            return f"missing required field: {name}"
        case "extra_forbidden":
            return f"invalid additional property: {name}"
        case "string_too_long" if "max_length" in context:
            return f"must be less than {context['max_length'] + 1} characters"
        case "string_too_short":
            return f"must be more than {context['min_length'] - 1} characters"
        case "too_long":
            return f"no more than {context['max_length']} items allowed"
        case "too_short":
            return f"no less than {context['min_length']} items allowed"
        case "union_tag_invalid":
            return f"unsupported type: {context['tag']}"
        case _:
            return fault["msg"]
