"""The misbehaviours an emulated PolyAI can show. A place is "place" or "status".

From `garbage` on, the call IS placed, however little the answer says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import json

from aiohttp import web

from sandbox.faults import (
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
from sandbox.faults import answer as plain_answer

__all__ = [
    "Fault",
    "Faults",
    "answer",
    "delay",
    "drop",
    "garbage",
    "gateway",
    "hang",
    "huge",
    "late_answer",
    "lose_answer",
    "lose_answer_midway",
    "names_the_call",
    "no_call_sid",
    "redirect",
    "slow",
    "truncated",
]

CHUNK = b" " * 65_536

STRANGERS_BODIES = {
    "HTML": "<html><body><h1>Sorry</h1><hr>nginx</body></html>",
    "nothing": "",
    "JSON": '{"message": "Endpoint request timed out"}',
    "JSON with an error": '{"error": "upstream connect error", "code": "UF"}',
    "JSON with an error that is no text": '{"error": {"message": "upstream connect error"}}',
    "a list": '[{"error": "upstream connect error"}]',
}
"""What web servers, gateways and proxies have been seen to answer in a service's stead."""


class StrangersAnswer(web.Response):
    """An answer of something in front of PolyAI: it has no correlation id."""


def answer(status: int, body: bytes | str | None = None, headers: dict[str, str] | None = None) -> Fault:
    """Do nothing and answer with this; without a body with one in the shape of the contract."""
    if body is None:
        body = json.dumps({"error": f"told to answer {status}", "code": "sandbox"})
        headers = {"Content-Type": "application/json"} | (headers or {})
    return plain_answer(status, body, headers)


def redirect(url: str, status: int = 302) -> Fault:
    """Do nothing and send the client elsewhere."""
    return plain_answer(status, b"", {"Location": url})


def gateway(status: int, body: str = STRANGERS_BODIES["HTML"], with_id: bool = False) -> Fault:
    """Something in front of PolyAI has it do the work, and answers with this in its stead."""
    answer = web.Response if with_id else StrangersAnswer

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        await work()
        content_type = "application/json" if body[:1] in ("{", "[") else "text/html"
        return answer(status=status, text=body, content_type=content_type)

    return Fault(f"gateway {status}", act)


def names_the_call(status: int, name: str = "call_sid", with_id: bool = True) -> Fault:
    """Do the work and answer with an error, PolyAI's own or a stranger's, that names the call."""
    answer = web.Response if with_id else StrangersAnswer

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        honest = await work()
        assert isinstance(honest, web.Response) and honest.text is not None  # noqa: S101
        call_sid = json.loads(honest.text)["call_sid"]
        body = {"error": "told to answer with an error", "code": "sandbox", name: call_sid}
        return answer(status=status, text=json.dumps(body), content_type="application/json")

    return Fault(f"names_the_call {status}", act)


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
