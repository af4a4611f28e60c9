"""An HTTP answer of PolyAI's, whichever client it came by, and how much of one is waited for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from bot.domain.backoff import asked_to_wait
from bot.domain.visible import shown

MOST_BYTES = 64 * 1024
"""PolyAI's answers are a few hundred bytes; what is longer is not one of them."""

MOST_KEPT = 4 * 1024
"""Bytes of an answer that go into the record."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer that arrived whole. The headers' names are looked up in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def correlation_id(self) -> str | None:
        """The id that PolyAI's support asks for."""
        return shown(self.headers.get("X-PolyAI-Correlation-Id", ""))[:100] or None

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, where the answer says so in seconds; at most an hour."""
        return asked_to_wait(self.headers.get("Retry-After", ""))

    @property
    def excerpt(self) -> str:
        """The beginning of the body as text; what is no UTF-8 is replaced."""
        return self.body[:MOST_KEPT].decode("utf-8", "replace")

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is anything else."""
        try:
            content = from_json(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}
