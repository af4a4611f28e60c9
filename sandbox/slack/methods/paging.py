"""Cursors: a long list, a page at a time."""

from __future__ import annotations

import base64
import binascii

from sandbox.slack.args import Args
from sandbox.slack.errors import ApiError

DEFAULT_PAGE = 100
LARGEST_PAGE = 1000


def page(items: list[str], args: Args) -> tuple[list[str], str]:
    """Return the page that the arguments `cursor` and `limit` ask for, and the cursor of the next."""
    limit = args.number("limit", DEFAULT_PAGE, "invalid_limit")
    if not 0 < limit <= LARGEST_PAGE:
        raise ApiError("invalid_limit")
    start = _start(args.text("cursor"))
    end = start + limit
    return items[start:end], _cursor(end) if end < len(items) else ""


def _cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).removeprefix(b"next:"))
    except (binascii.Error, ValueError):
        raise ApiError("invalid_cursor") from None
