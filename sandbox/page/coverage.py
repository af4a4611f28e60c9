"""What is emulated, for the page: the coverage matrix itself."""

from __future__ import annotations

import dataclasses
from typing import Any

from sandbox.slack import coverage as matrix


def coverage() -> list[dict[str, Any]]:
    """The tables of the matrix, each with its title."""
    tables = {
        "Web API methods": matrix.WEB_API,
        "Routes": matrix.ROUTES,
        "What is sent to the app": matrix.PAYLOADS,
        "Without Socket Mode": [matrix.HTTP_DELIVERY],
        "Blocks": matrix.BLOCKS,
        "Elements": matrix.ELEMENTS,
    }
    return [
        {"title": title, "rows": [dataclasses.asdict(row) for row in rows]} for title, rows in tables.items()
    ]
