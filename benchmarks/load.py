"""The load generator: signed requests over kept-alive connections, so many at a time."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.slack.api.events_endpoint import PATH


@dataclass(frozen=True)
class Signed:
    """A request as Slack signs it, ready to be sent."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Batch:
    """What became of a batch: the seconds to each acknowledgement, when it came, and all of it together."""

    latencies: list[float]
    acked_at: list[float]
    seconds: float


def sign(payload: dict[str, Any], secret: str) -> Signed:
    """The request that carries this payload: a slash command is a form, everything else JSON in a form."""
    fields = payload if "command" in payload else {"payload": json.dumps(payload)}
    body, timestamp = urlencode(fields).encode(), str(int(time.time()))
    digest = hmac.new(secret.encode(), b":".join([b"v0", timestamp.encode(), body]), hashlib.sha256)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }
    return Signed(body, headers)


async def send(session: aiohttp.ClientSession, url: str, requests: list[Signed], *, at_a_time: int) -> Batch:
    """Send them all, so many at a time, each as soon as one before it is acknowledged."""
    waiting, results = iter(requests), list[tuple[float, float]]()
    began = time.perf_counter()
    await asyncio.gather(*(_send_each(session, url + PATH, waiting, results) for _ in range(at_a_time)))
    seconds = time.perf_counter() - began
    return Batch([latency for latency, _ in results], [at for _, at in results], seconds)


async def _send_each(
    session: aiohttp.ClientSession, url: str, waiting: Iterator[Signed], results: list[tuple[float, float]]
) -> None:
    for request in waiting:
        began = time.perf_counter()
        async with session.post(url, data=request.body, headers=request.headers) as response:
            said = await response.read()
        results.append((time.perf_counter() - began, time.time()))
        # A form that is refused is acknowledged too, with its errors; an accepted one with nothing.
        if response.status != 200 or said:
            raise RuntimeError(f"not accepted: {response.status} {said[:200]!r}")
