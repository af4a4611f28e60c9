"""An HTTP answer of PolyAI's, whichever client it came by, and how much of one is waited for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 64 * 1024
"""PolyAI's answers are a few hundred bytes; what is longer is not one of them."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer that arrived whole. The headers' names are looked up in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def correlation_id(self) -> str | None:
        """The id that PolyAI's support asks for."""
        value = self.headers.get("X-PolyAI-Correlation-Id")
        return value[:100] if value else None

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, where the answer says so in seconds."""
        value = self.headers.get("Retry-After", "")
        return float(value) if value.isascii() and value.isdigit() else None

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is anything else."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}
