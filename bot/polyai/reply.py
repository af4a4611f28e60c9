"""An HTTP answer of PolyAI's, whichever client it came by, and how much of one is waited for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json

from bot.domain.backoff import asked_to_wait
from bot.domain.visible import shown
from bot.polyai.contract import BEGINS_AS_A_SID

MAX_BYTES = 64 * 1024
"""PolyAI's answers are a few hundred bytes; what is longer is not one of them."""

MAX_KEPT = 4 * 1024
"""Bytes of an answer that go into the record."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer that arrived whole. The headers' names are looked up in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def error(self) -> str | None:
        """What PolyAI itself says is wrong; None where something in front of it may have answered.

        PolyAI's own errors have the contract's body, an object with the text `error`, and its
        correlation id. A web server or a gateway answers the same numbers without them, and may have
        passed the request on.
        """
        error = self.json_object().get("error")
        words = shown(error) if isinstance(error, str) else ""
        return words if words and self.correlation_id else None

    @property
    def named_calls(self) -> list[str]:
        """Whatever in the body begins as a `call_sid` does, under any name, in JSON or not."""
        # A name that is given twice is lost in the object, an escaped letter in the bytes.
        body = self.body + b" " + to_json(self.json_object())
        return [found.decode() for found in BEGINS_AS_A_SID.findall(body)]

    @property
    def correlation_id(self) -> str | None:
        """The id that PolyAI's support asks for."""
        return shown(self.headers.get("X-PolyAI-Correlation-Id", ""))[:100] or None

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, where PolyAI itself says so in seconds; at most an hour."""
        return None if self.error is None else asked_to_wait(self.headers.get("Retry-After", ""))

    @property
    def excerpt(self) -> str:
        """The beginning of the body as text; what is no UTF-8 is replaced."""
        return self.body[:MAX_KEPT].decode("utf-8", "replace")

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is anything else."""
        try:
            content = from_json(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}
