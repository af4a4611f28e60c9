"""The Socket Mode connection, and the watchdog it needs.

The SDK's own loop retries a used-up ticket for ever where a handshake fails (`connect` asks for no
new address), so a connection that stays down is thrown away and built anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import json

import structlog
from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.domain.backoff import backoff

log = structlog.get_logger()

# The SDK looks at a broken connection only as often as it pings.
_PING_EVERY = 3.0
_LOOK_EVERY = 2.0
_DOWN_TOO_LONG = 15.0
_CONNECT_WITHIN = 10.0


class SocketConnection:
    """Keeps one Socket Mode connection up. `open`, then `close`."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._app = app
        self._app_token = app_token
        self._handler: AsyncSocketModeHandler | None = None
        self._watchdog: asyncio.Task[None] | None = None
        self._failures = 0
        self._connections = 0

    @property
    def connections(self) -> int:
        """How many connections of this app Slack counted when it last greeted us."""
        return self._connections

    @property
    def connected(self) -> bool:
        """Whether payloads can reach us."""
        if self._handler is None:
            return False
        session = self._handler.client.current_session
        return session is not None and not session.closed and not self._handler.client.stale

    async def open(self) -> None:
        """Connect, or keep trying to in the background."""
        await self._connect()
        self._watchdog = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Disconnect for good."""
        if self._watchdog is not None:
            self._watchdog.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watchdog
        await self._discard()

    async def _watch(self) -> None:
        down = 0.0
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            down = 0.0 if self.connected else down + _LOOK_EVERY
            if down >= _DOWN_TOO_LONG:
                down = 0.0
                await self._reconnect()

    async def _reconnect(self) -> None:
        log.warning("socket_rebuilt", failures=self._failures)
        await self._discard()
        if not await self._connect():
            await asyncio.sleep(backoff(self._failures, first=1.0, most=30.0))

    async def _connect(self) -> bool:
        handler = AsyncSocketModeHandler(self._app, self._app_token, ping_interval=_PING_EVERY)
        handler.client.on_message_listeners.append(self._heed_greeting)
        self._handler = handler
        try:
            async with asyncio.timeout(_CONNECT_WITHIN):
                await handler.connect_async()  # type: ignore[no-untyped-call]
        except TimeoutError:
            self._failures += 1
            return False
        self._failures = 0
        return True

    async def _heed_greeting(self, message: WSMessage) -> None:
        """Where there are more than ours, somebody else's get part of the clicks, or nobody does."""
        number = _num_connections(message.data)
        if number is None:
            return
        self._connections = number
        if number > 1:
            log.error("too_many_connections", num_connections=number)

    async def _discard(self) -> None:
        handler, self._handler = self._handler, None
        if handler is None:
            return
        client = handler.client
        tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
        with contextlib.suppress(Exception):
            await handler.close_async()  # type: ignore[no-untyped-call]
        # close_async cancels these and does not wait for them.
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)


def _num_connections(frame: str) -> int | None:
    """What Slack's `hello` says; None for every other frame."""
    if '"num_connections"' not in frame:  # spares reading every payload once more
        return None
    content = json.loads(frame)
    number = content.get("num_connections")
    return number if content.get("type") == "hello" and isinstance(number, int) else None
