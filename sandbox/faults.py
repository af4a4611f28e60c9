"""Misbehaviours that an emulated server can be told to show, and where they are kept until used."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

Work = Callable[[], Awaitable[web.StreamResponse]]
"""Does what the request asks for and returns the honest answer."""

GARBAGE = b"\x00\xff<<< this is not JSON"


@dataclass(frozen=True)
class Fault:
    """One misbehaviour: gets the request and the honest work, and decides what is done and answered."""

    name: str
    act: Callable[[web.Request, Work], Awaitable[web.StreamResponse]]


@dataclass
class _Waiting:
    fault: Fault
    times: int | None


class Faults:
    """The faults still to be shown, per place. The first added is the first shown."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[_Waiting]] = defaultdict(list)

    def add(self, where: str, fault: Fault, times: int | None = 1) -> None:
        """Show the fault at the next `times` requests to `where`; None: until cleared."""
        self._waiting[where].append(_Waiting(fault, times))

    def clear(self, where: str | None = None) -> None:
        """Forget the faults of one place, or of all."""
        for place in [where] if where is not None else list(self._waiting):
            self._waiting.pop(place, None)

    def take(self, where: str) -> Fault | None:
        """Return the fault to show now, and count it as shown."""
        queue = self._waiting[where]
        while queue and queue[0].times == 0:
            queue.pop(0)
        if not queue:
            return None
        if queue[0].times is not None:
            queue[0].times -= 1
        return queue[0].fault

    async def around(self, where: str, request: web.Request, work: Work) -> web.StreamResponse:
        """Answer the request: with the fault that waits for `where`, or honestly."""
        fault = self.take(where)
        return await (work() if fault is None else fault.act(request, work))


def reset(request: web.Request) -> web.Response:
    """Reset the TCP connection of the request. The returned response never leaves the process."""
    transport = request.transport
    if transport is not None:
        # Lingering zero seconds makes the kernel send RST rather than a polite FIN.
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


def drop() -> Fault:
    """Do nothing and reset the connection."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        return reset(request)

    return Fault("drop", act)


def lose_answer() -> Fault:
    """Do the work and reset the connection instead of answering."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        await work()
        return reset(request)

    return Fault("lose_answer", act)


def hang(seconds: float = 3600) -> Fault:
    """Do nothing, stay silent for so long, then reset the connection."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return reset(request)

    return Fault("hang", act)


def delay(seconds: float) -> Fault:
    """Wait, then do the work and answer."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await work()

    return Fault("delay", act)


def late_answer(seconds: float) -> Fault:
    """Do the work at once and answer late."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        answer = await work()
        await asyncio.sleep(seconds)
        return answer

    return Fault("late_answer", act)


def garbage() -> Fault:
    """Do the work and answer 200 with bytes that are labelled JSON but are not."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        await work()
        return web.Response(body=GARBAGE, content_type="application/json")

    return Fault("garbage", act)


def answer(status: int, body: bytes | str, headers: dict[str, str] | None = None) -> Fault:
    """Do nothing and answer with exactly this."""

    async def act(request: web.Request, work: Work) -> web.StreamResponse:
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(status=status, body=raw, headers=headers)

    return Fault(f"answer {status}", act)
