"""The POST that places a call: bounded in time and size, redirects never followed, TLS verified."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import httpx

from bot import crash_points
from bot.polyai.reply import MAX_BYTES, Reply

MAX_SECONDS = 45.0
"""For the whole of it: an answer whose every byte comes in time may never end. Less than a dial's lease."""

TIMEOUT = httpx.Timeout(30.0, connect=5.0, pool=5.0)

# A call is placed over a connection of its own: on a kept one the server may hang up just as the
# POST goes out, and then nobody knows whether it was read.
LIMITS = httpx.Limits(max_connections=20, max_keepalive_connections=0)


_WRITES = ("send_request_headers.started", "send_request_body.started")


class TooLong(httpx.TransportError):
    """The answer was longer than any of PolyAI's."""


def new_client(base_url: str, headers: dict[str, str]) -> httpx.AsyncClient:
    """A client for one base URL, which writes each request once. Close it when done."""
    return httpx.AsyncClient(
        base_url=base_url, headers=headers, limits=LIMITS, timeout=TIMEOUT, follow_redirects=False
    )


def before_bytes(check: Callable[[], None]) -> dict[str, Any]:
    """The extension of a request by which `check` is asked right before its head and its body are written.

    By then the connection is open, TLS and all. Where `check` raises, nothing more is written, and that
    comes out of `send`: without its whole body a request says nothing. It is asked for a proxy's CONNECT
    too, which is written first. Source: httpx, request extensions, "trace".
    """

    async def trace(event: str, _info: object) -> None:
        if event.endswith(_WRITES):
            check()

    return {"trace": trace}


async def send(client: httpx.AsyncClient, request: httpx.Request) -> Reply:
    """Send the request and read the whole answer. Raises httpx.TransportError."""
    with crash_points.around(request.method):
        try:
            async with asyncio.timeout(MAX_SECONDS):
                async with aclosing(await client.send(request, stream=True)) as response:
                    return Reply(response.status_code, response.headers, await _read(response))
        except TimeoutError:
            raise httpx.ReadTimeout("The answer did not end.", request=request) from None


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_BYTES:
            raise TooLong("The answer was too long.")
    return bytes(body)
