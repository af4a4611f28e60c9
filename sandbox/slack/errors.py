"""How the emulated Slack says no: to the app, and to a person."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A Web API answer `{"ok": false, "error": code}` with whatever else belongs in it."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    @property
    def answer(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"ok": False, "error": self.code, **self.extra}


class SlackRefuses(Exception):
    """A person tried what Slack's own window would not let them do. Nothing was sent."""


def invalid_arguments(*messages: str) -> ApiError:
    """Build the error for arguments that are missing or malformed, with Slack's messages about them."""
    marked = [f"[ERROR] {message}" for message in messages]
    return ApiError("invalid_arguments", response_metadata={"messages": marked})
