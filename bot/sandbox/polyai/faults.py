"""The misbehaviours an emulated PolyAI can show. A place is "place" or "status".

From `garbage` on, the call IS placed, however little the answer says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import json

from aiohttp import web

from bot.sandbox.faults import (
    Fault,
    Faults,
    Work,
    delay,
    drop,
    garbage,
    hang,
    late_answer,
    lose_answer,
    reset,
)
from bot.sandbox.faults import answer as plain_answer

__all__ = [
    "Fault",
    "Faults",
    "answer",
    "delay",
    "drop",
    "garbage",
    "hang",
    "huge",
    "late_answer",
    "lose_answer",
    "lose_answer_midway",
    "no_call_sid",
    "redirect",
    "slow",
    "truncated",
]

CHUNK = b" " * 65_536


def answer(status: int, body: bytes | str | None = None, headers: dict[str, str] | None = None) -> Fault:
    """Do nothing and answer with this; without a body with one in the shape of the contract."""
    if body is None:
        body = json.dumps({"error": f"told to answer {status}", "code": "sandbox"})
        headers = {"Content-Type": "application/json"} | (headers or {})
    return plain_answer(status, body, headers)


def redirect(url: str, status: int = 302) -> Fault:
    """Do nothing and send the client elsewhere."""
    return plain_answer(status, b"", {"Location": url})


def no_call_sid() -> Fault:
    """Do the work and answer 200 with an object that lacks what it should have."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        await work()
        return web.json_response({})

    return Fault("no_call_sid", act)


def truncated() -> Fault:
    """Do the work, announce more bytes than are sent, and close."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        await work()
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"call_sid": "OUT-')
        if request.transport is not None:
            request.transport.close()
        return response

    return Fault("truncated", act)


def huge() -> Fault:
    """Do the work and answer 200 with a body that does not end until the client hangs up."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        await work()
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while request.transport is not None and not request.transport.is_closing():
                await response.write(CHUNK)
        return response

    return Fault("huge", act)


def slow(seconds: float, drip: int = 1) -> Fault:
    """Do the work and send the answer `drip` bytes at a time, spread over so many seconds."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        honest = await work()
        body = honest.body if isinstance(honest, web.Response) and isinstance(honest.body, bytes) else b""
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            for start in range(0, len(body), drip):
                await asyncio.sleep(seconds * drip / len(body))
                await response.write(body[start : start + drip])
        return response

    return Fault("slow", act)


def lose_answer_midway() -> Fault:
    """Do the work, send the head of the answer, and reset the connection."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        await work()
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        reset(request)
        return response

    return Fault("lose_answer_midway", act)
