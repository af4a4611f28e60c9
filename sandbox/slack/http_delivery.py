"""Delivery over HTTP: signed POSTs to the app's request URL."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.slack.delivery import Ack, Kind


class HttpDelivery:
    """Posts payloads to one address, each signed with the signing secret. Nothing is sent twice."""

    def __init__(self, url: str, signing_secret: str) -> None:
        self._url, self._secret = url, signing_secret

    async def deliver(self, kind: Kind, payload: dict[str, Any], seconds: float) -> Ack:
        """Post a payload and read the acknowledgement from the answer."""
        started = time.monotonic()
        body, content_type = _body(kind, payload)
        limit = aiohttp.ClientTimeout(total=seconds)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(self._url, data=body, headers=self._headers(body, content_type)) as response,
            ):
                return _ack(response.status, await response.text(), time.monotonic() - started)
        except TimeoutError:
            return Ack(False, time.monotonic() - started, problem="operation_timeout")
        except aiohttp.ClientError:
            return Ack(False, time.monotonic() - started, problem="dispatch_failed")

    def _headers(self, body: bytes, content_type: str) -> dict[str, str]:
        # Always real time: whoever checks the signature compares it with a clock of their own.
        timestamp = str(int(time.time()))
        signed = b":".join([b"v0", timestamp.encode(), body])
        digest = hmac.new(self._secret.encode(), signed, hashlib.sha256).hexdigest()
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={digest}",
        }


def _body(kind: Kind, payload: dict[str, Any]) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    match kind:
        case "slash_commands":
            return urlencode(payload).encode(), form
        case "interactive":
            return urlencode({"payload": json.dumps(payload)}).encode(), form
        case "events_api":
            return json.dumps(payload).encode(), "application/json"


def _ack(status: int, text: str, seconds: float) -> Ack:
    if status != 200:
        return Ack(False, seconds, None, status, "dispatch_failed")
    try:
        payload = json.loads(text) if text else None
    except ValueError:
        payload = {"text": text}
    shaped = payload if payload is None or isinstance(payload, dict) else {"text": text}
    return Ack(True, seconds, shaped, status)
