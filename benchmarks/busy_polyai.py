"""A PolyAI that is asked for the status of thousands of calls and takes as little of the machine as it can.

`CALLGATE_HTTP_PORT=… python -m benchmarks.busy_polyai CHANGES`; CHANGES is a JSON file that says for each
call_sid what becomes of it: how many seconds after the beginning, and which status from then on. Until then,
and for every other call, it is queued.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path

TOKEN = "busy-polyai-token"

_HEAD = (
    b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    b"X-PolyAI-Correlation-Id: 0b5ba0c6-6b1f-4c9e-9f6c-8f1f1c4b0d11\r\n\r\n%b"
)
_SECRET = f"X-PolyAi-Auth-Token: {TOKEN}\r\n".encode()


def _answer(status: int, content: object) -> bytes:
    body = json.dumps(content).encode()
    return _HEAD % (status, len(body), body)


_TOLD = {
    status: _answer(200, {"status": status, "reason": ""}) for status in ("queued", "calling", "success")
}
_UNAUTHORIZED = _answer(401, {"error": "invalid or missing authentication token", "code": "unauthorized"})


class BusyPolyAI:
    """What it knows, and how often it was asked."""

    def __init__(self, changes: dict[str, tuple[float, str]]) -> None:
        self._changes = {
            f"/v1/outbound-calling/{sid}/status".encode(): change for sid, change in changes.items()
        }
        self._began = float("inf")
        self._polls = 0

    def answer(self, request: bytes) -> bytes:
        """The answer to one request: a poll, or a question of the benchmark's."""
        path = request.split(b" ", 2)[1]
        match path:
            case b"/readyz":
                return _answer(200, {})
            case b"/begin":
                self._began = time.time()
                return _answer(200, self._began)
            case b"/polls":
                return _answer(200, self._polls)
        return self._told(path) if _SECRET in request else _UNAUTHORIZED

    def _told(self, path: bytes) -> bytes:
        self._polls += 1
        after, status = self._changes.get(path, (float("inf"), "queued"))
        return _TOLD[status if time.time() - self._began >= after else "queued"]


class _Connection(asyncio.Protocol):
    """HTTP as far as it is needed: requests without a body, one after the other."""

    def __init__(self, polyai: BusyPolyAI) -> None:
        self._polyai = polyai
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._received = (self._received + data).split(b"\r\n\r\n")
        for request in requests:
            self._transport.write(self._polyai.answer(request + b"\r\n"))


async def _serve(port: int, polyai: BusyPolyAI) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(polyai), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    changes = json.loads(Path(sys.argv[1]).read_text())
    asyncio.run(_serve(int(os.environ["CALLGATE_HTTP_PORT"]), BusyPolyAI(changes)))
