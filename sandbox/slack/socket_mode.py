"""Socket Mode: WebSockets that the app opens and that payloads are sent through."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.faults import reset
from sandbox.slack.delivery import Ack, Kind
from sandbox.slack.workspace import Workspace

MAX_CONNECTIONS = 10


@dataclass(eq=False)
class Connection:
    """One open WebSocket. A silent one takes payloads and pings and answers neither: half-open TCP."""

    socket: web.WebSocketResponse
    request: web.Request
    silent: bool = False
    delivered: int = 0


class SocketMode:
    """The sockets of the app. Each payload goes to one of them, in turn.

    An acknowledgement counts whichever socket it comes through: Bolt sends it through the newest one.
    `switched_off` is what the switch on the app's page Socket Mode says; see `switch_off`.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.connections: list[Connection] = []
        self.num_connections_reported: int | None = None
        self.seconds_until_closed = 10.0
        self.switched_off = False
        self._workspace = workspace
        self._pending: dict[str, asyncio.Future[dict[str, Any] | None]] = {}
        self._refused_handshakes, self._refusing_uses_up = 0, False
        self._turn = 0
        self._closing: set[asyncio.Task[None]] = set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer GET /link: turn it into a WebSocket when the ticket is good."""
        if self._refused_handshakes:
            self._refused_handshakes -= 1
            if self._refusing_uses_up:
                self._workspace.tickets.redeem(request.query.get("ticket", ""))
            raise web.HTTPServiceUnavailable
        if not self._workspace.tickets.redeem(request.query.get("ticket", "")):
            raise web.HTTPForbidden(text="this ticket is unknown, used or too old")
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        await self._talk(Connection(socket, request))
        return socket

    async def deliver(self, kind: Kind, payload: dict[str, Any], seconds: float) -> Ack:
        """Send a payload through one connection and wait for its acknowledgement."""
        started = time.monotonic()
        if not self.connections:
            return Ack(False, 0.0, problem="dispatch_failed")
        envelope_id = str(uuid.uuid4())
        pending = self._pending[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await self._send(self._next(), _envelope(envelope_id, kind, payload))
            answer = await asyncio.wait_for(pending, seconds)
        except (TimeoutError, ConnectionError):
            return Ack(False, time.monotonic() - started, problem="operation_timeout")
        finally:
            del self._pending[envelope_id]
        return Ack(True, time.monotonic() - started, answer, 200)

    async def drop(self) -> None:
        """Reset every connection, as a network failure does."""
        for connection in list(self.connections):
            reset(connection.request)
        await asyncio.sleep(0)

    async def disconnect(self, reason: str) -> None:
        """Announce the end of every connection.

        After "warning" and "refresh_requested" the sockets stay open for `seconds_until_closed`.
        """
        at_once = reason not in ("warning", "refresh_requested")
        for connection in list(self.connections):
            await self._send(connection, {"type": "disconnect", "reason": reason, **self._debug()})
            closing = self._close_later(connection, 0 if at_once else self.seconds_until_closed)
            task = asyncio.create_task(closing)
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def switch_off(self) -> None:
        """Switch Socket Mode off: every connection, now and later, is sent away with "link_disabled"."""
        self.switched_off = True
        await self.disconnect("link_disabled")

    def switch_on(self) -> None:
        """Switch Socket Mode on again."""
        self.switched_off = False

    def refuse_handshakes(self, times: int, *, use_up: bool = False) -> None:
        """Answer the next so many WebSocket handshakes with 503. Their tickets stay good unless `use_up`."""
        self._refused_handshakes, self._refusing_uses_up = times, use_up

    def go_silent(self) -> None:
        """Have the connections that are open now swallow everything and answer nothing, pings included."""
        for connection in self.connections:
            connection.silent = True

    async def close(self) -> None:
        """Close every connection, as a server that is shut down does."""
        for task in list(self._closing):
            task.cancel()
        for connection in list(self.connections):
            await self._shut(connection)

    async def _talk(self, connection: Connection) -> None:
        self.connections.append(connection)
        self._workspace.changes.tell("socket_opened", connections=len(self.connections))
        try:
            if reason := self._unwelcome():
                await self._send(connection, {"type": "disconnect", "reason": reason, **self._debug()})
            else:
                await self._send(connection, self._hello())
                await self._listen(connection)
        finally:
            self.connections.remove(connection)
            self._workspace.changes.tell("socket_closed", connections=len(self.connections))

    def _unwelcome(self) -> str:
        if self.switched_off:
            return "link_disabled"
        return "too_many_websockets" if len(self.connections) > MAX_CONNECTIONS else ""

    async def _listen(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if connection.silent:
                continue
            if frame.type is WSMsgType.PING:
                await connection.socket.pong(frame.data)
            elif frame.type is WSMsgType.TEXT:
                self._acknowledge(frame.data)

    def _acknowledge(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return
        pending = self._pending.get(frame.get("envelope_id", "")) if isinstance(frame, dict) else None
        if pending is not None and not pending.done():
            pending.set_result(frame.get("payload"))

    def _next(self) -> Connection:
        self._turn += 1
        return self.connections[self._turn % len(self.connections)]

    async def _send(self, connection: Connection, frame: dict[str, Any]) -> None:
        connection.delivered += "envelope_id" in frame
        if not connection.silent:
            with contextlib.suppress(ConnectionError):
                await connection.socket.send_json(frame)

    async def _close_later(self, connection: Connection, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._shut(connection)

    async def _shut(self, connection: Connection) -> None:
        with contextlib.suppress(ConnectionError):
            await connection.socket.close()

    def _hello(self) -> dict[str, Any]:
        return {"type": "hello", **self._debug()}

    def _debug(self) -> dict[str, Any]:
        number = self.num_connections_reported
        return {
            "num_connections": len(self.connections) if number is None else number,
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._workspace.app_id},
        }


def _envelope(envelope_id: str, kind: Kind, payload: dict[str, Any]) -> dict[str, Any]:
    envelope = {"envelope_id": envelope_id, "payload": payload, "type": kind}
    retry = {"retry_attempt": 0, "retry_reason": ""} if kind == "events_api" else {}
    return envelope | {"accepts_response_payload": kind != "events_api"} | retry
