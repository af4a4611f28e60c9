"""The contract of POST /v1/outbound-calling: what is accepted, and the sentence for what is not."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import phonenumbers

ENCRYPTIONS = ("UDP/RTP", "UDP/SRTP", "TLS/RTP", "TLS/SRTP")
MAX_METADATA = 26 * 1024


class PolyAIRefuses(Exception):
    """The request is answered with this status and `{"error": …, "code": …}`."""

    def __init__(self, status: int, error: str, code: str) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, "code": code}


@dataclass(frozen=True)
class CallOrder:
    """A request that was understood: the number in E.164, what the agent is told, and the encryption."""

    to_number: str
    metadata: dict[str, str]
    encryption: str


def understood(content_type: str, body: bytes) -> CallOrder:
    """Read a request; PolyAIRefuses with 400 when it breaks the contract."""
    values = _json_object(content_type, body)
    if values.get("country_code", "") is None:  # the contract has a string here, or nothing at all
        raise _bad("country_code must be a string")
    number = _e164(values.get("to_number"), values.get("country_code"))
    encryption = values.get("encryption", "TLS/SRTP")
    if encryption not in ENCRYPTIONS:
        raise _bad(f"encryption must be one of {', '.join(ENCRYPTIONS)}")
    return CallOrder(number, _metadata(values.get("metadata", {})), encryption)


def _json_object(content_type: str, body: bytes) -> dict[str, Any]:
    if content_type != "application/json":
        raise _bad("the body must be application/json")
    try:
        values = json.loads(body)
    except ValueError:
        raise _bad("the body is not JSON") from None
    if not isinstance(values, dict):
        raise _bad("the body must be an object")
    return values


def _e164(number: object, country: object) -> str:
    if not isinstance(number, str) or not isinstance(country, str | None):
        raise _bad("to_number is required, and it and country_code must be strings")
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        raise _bad("to_number could not be parsed") from None
    if not phonenumbers.is_possible_number(parsed):
        raise _bad("to_number could not be parsed")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _metadata(metadata: object) -> dict[str, str]:
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _bad("metadata must be an object whose values are all strings")
    if len(base64.b64encode(json.dumps(metadata).encode())) >= MAX_METADATA:
        raise _bad("metadata is too large")
    return metadata


def _bad(error: str) -> PolyAIRefuses:
    return PolyAIRefuses(400, error, "bad_request")
