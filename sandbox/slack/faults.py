"""The misbehaviours an emulated Slack can show. A place is a method name, "response_url" or "file"."""

from __future__ import annotations

import json

from aiohttp import web

from sandbox.faults import (
    Fault,
    Faults,
    Work,
    answer,
    delay,
    drop,
    garbage,
    hang,
    late_answer,
    lose_answer,
)

__all__ = [
    "Fault",
    "Faults",
    "answer",
    "delay",
    "drop",
    "error",
    "garbage",
    "hang",
    "http_error",
    "late_answer",
    "lose_answer",
    "rate_limited",
]

OUTAGE_PAGE = "<!DOCTYPE html><html><body><h1>Slack is having trouble</h1></body></html>"


def rate_limited(retry_after: int = 1) -> Fault:
    """Do nothing and answer 429 with Retry-After."""
    body = json.dumps({"ok": False, "error": "ratelimited"})
    return answer(429, body, {"Content-Type": "application/json", "Retry-After": str(retry_after)})


def http_error(status: int = 503) -> Fault:
    """Do nothing and answer with an HTML page, as Slack does in an outage."""
    return answer(status, OUTAGE_PAGE, {"Content-Type": "text/html"})


def error(code: str) -> Fault:
    """Do nothing and answer 200 with this error code."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        return web.json_response({"ok": False, "error": code})

    return Fault(f"error {code}", act)
