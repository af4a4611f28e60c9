"""Requests to `/slack/events` as Slack would never send them, signed or not."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.support.world import World

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str


def signed(world: World, body: bytes, at: float | None = None) -> dict[str, str]:
    """The headers with which Slack would send this body at this moment."""
    stamp = str(int(time.time() if at is None else at))
    return {"Content-Type": FORM, "X-Slack-Request-Timestamp": stamp} | signature(world, body, stamp)


def signature(world: World, body: bytes, stamp: str) -> dict[str, str]:
    """The signature over this body and timestamp, by whoever knows the secret."""
    text = b":".join([b"v0", stamp.encode(), body])
    digest = hmac.new(world.slack.signing_secret.encode(), text, hashlib.sha256).hexdigest()
    return {"X-Slack-Signature": f"v0={digest}"}


def interactive(payload: Any) -> bytes:
    """A click or a form as the body of a request."""
    return urlencode({"payload": json.dumps(payload)}).encode()


async def post(world: World, body: bytes, headers: Any) -> Answer:
    """Send it; never raises for what the answer says."""
    url = f"http://127.0.0.1:{world.port}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body), headers=headers) as response,
    ):
        return Answer(response.status, await response.text())


async def sign_and_post(world: World, body: bytes) -> Answer:
    """Send it as Slack would."""
    return await post(world, body, signed(world, body))
