"""The arguments of one Web API call, from a query, a form or a JSON body."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from sandbox.slack.errors import ApiError, invalid_arguments


class Args:
    """Arguments by name. In JSON they have types; in a query or a form they are all strings."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def text(self, name: str) -> str | None:
        """Return an argument as a string; None when it is left out or empty."""
        value = self.values.get(name)
        return str(value) if value not in (None, "") else None

    def required(self, name: str) -> str:
        """Return an argument as a string; ApiError `invalid_arguments` when it is left out."""
        value = self.text(name)
        if value is None:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        """Whether an argument is true, 1 or "true"."""
        return self.values.get(name) in (True, 1, "1", "true", "True")

    def number(self, name: str, default: int, code: str) -> int:
        """Return an argument as an integer; ApiError with this code when it is not one."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            raise ApiError(code) from None

    def structure(self, name: str, code: str) -> Any:
        """Return an argument that is JSON, also as a string; ApiError with this code when it is not."""
        value = self.values.get(name)
        if not isinstance(value, str) or value == "":
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(code) from None


async def read_args(request: web.Request) -> Args:
    """Read the arguments of a request, wherever they are."""
    query = dict(request.query)
    if request.content_type == "application/json":
        return Args(query | await _json_body(request))
    form = await request.post()
    return Args(query | {name: value for name, value in form.items() if isinstance(value, str)})


async def _json_body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(body, dict):
        raise ApiError("json_not_object")
    return body
