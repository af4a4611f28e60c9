"""The Socket Mode connection, and the watchdog it needs.

The SDK's own loop retries a used-up ticket for ever where a handshake fails (`connect` asks for no
new address), and comes back at once, without end, where Slack sends it away. So a connection that
stays down or is sent away is thrown away and replaced, each time after a longer pause.
"""

from __future__ import annotations

import asyncio
import contextlib
import json

import structlog
from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.backoff import backoff
from bot.domain.errors import CallgateError
from bot.slack.api.errors import SlackBusy
from bot.slack.api.identity import socket_address

log = structlog.get_logger()

# The SDK looks at a broken connection only as often as it pings.
_PING_EVERY = 3.0
_LOOK_EVERY = 2.0
_DOWN_TOO_LONG = 15.0
_CONNECT_WITHIN = 10.0
_LONGEST_PAUSE = 60.0

_ROUTINE = {"warning", "refresh_requested"}
"""Slack renews a connection for these reasons, every few hours; the SDK opens the next one at once."""

_WHAT_TO_DO = {
    "link_disabled": "Socket Mode is switched off in the app's settings: switch it on again there, on the"
    " page Socket Mode. Callgate keeps trying, and comes back by itself.",
    "too_many_websockets": "Slack allows ten connections of one app, and others hold them: stop whatever"
    " else runs with this SLACK_APP_TOKEN.",
}
_SHARED = (
    "Slack counts more connections of this app than ours, and gives each part of the clicks: stop whatever"
    " else runs with this SLACK_APP_TOKEN. Where nothing does, a connection that died is still counted, and"
    " goes away by itself."
)


class SocketConnection:
    """Keeps one Socket Mode connection up. `open`, then `close`."""

    def __init__(self, app: AsyncApp, client: AsyncWebClient, app_token: str) -> None:
        self._app = app
        self._client = client
        self._app_token = app_token
        self._handler: AsyncSocketModeHandler | None = None
        self._watchdog: asyncio.Task[None] | None = None
        self._failures = 0
        self._connections = 0
        self._sent_away = asyncio.Event()
        self._reason = ""

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

    @property
    def state(self) -> str:
        """How it stands, in a few words."""
        if not self.connected:
            return f"disconnected: {self._reason}" if self._reason else "disconnected"
        shared = self._connections > 1
        return f"connected, one of {self._connections} connections" if shared else "connected"

    async def open(self) -> None:
        """Connect, or keep trying to in the background."""
        try:
            await self._connect()
        except (CallgateError, TimeoutError) as error:
            log.warning("socket_not_opened", reason=_why(error))
            self._sent_away.set()
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
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await self._sent_away.wait()
            if self._sent_away.is_set():
                down = _DOWN_TOO_LONG
            elif self.connected:
                down, self._failures, self._reason = 0.0, 0, ""
            else:
                down += _LOOK_EVERY
            if down >= _DOWN_TOO_LONG:
                await self._reconnect()
                down = 0.0

    async def _reconnect(self) -> None:
        least = 0.0
        while True:
            await self._discard()
            self._failures += 1
            await asyncio.sleep(max(least, backoff(self._failures, first=1.0, limit=_LONGEST_PAUSE)))
            try:
                return await self._connect()
            except (CallgateError, TimeoutError) as error:
                log.warning("socket_not_opened", failures=self._failures, reason=_why(error))
                least = error.retry_after if isinstance(error, SlackBusy) else 0.0

    async def _connect(self) -> None:
        """Raises CallgateError where Slack gives no address, TimeoutError where nobody answers there."""
        self._sent_away.clear()
        handler = _Handler(self._app, self._app_token, ping_interval=_PING_EVERY)
        handler.client.on_message_listeners.append(self._on_frame)
        self._handler = handler
        handler.client.wss_uri = await socket_address(self._client, self._app_token)
        async with asyncio.timeout(_CONNECT_WITHIN):
            await handler.connect_async()  # type: ignore[no-untyped-call]

    async def _on_frame(self, message: WSMessage) -> None:
        """Slack's own frames: its greeting, and that we are to go."""
        if '"hello"' not in message.data and '"disconnect"' not in message.data:
            return  # a payload, which is read elsewhere
        match json.loads(message.data):
            case {"type": "hello", "num_connections": int(number)}:
                self._connections = number
                if number > 1:
                    # Somebody else's get part of the clicks, or nobody does.
                    log.error("connections_shared", num_connections=number, what_to_do=_SHARED)
            case {"type": "disconnect", "reason": str(reason)} if reason not in _ROUTINE:
                self._reason = reason
                log.error("socket_sent_away", reason=reason, what_to_do=_WHAT_TO_DO.get(reason, ""))
                self._sent_away.set()

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


class _Handler(AsyncSocketModeHandler):
    """Bolt's, which looks for ids in a payload and raises whatever it trips over."""

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        try:
            await super().handle(client, req)
        except Exception as error:
            log.warning("unreadable_payload", error=type(error).__name__)


def _why(error: Exception) -> str:
    return error.sentence if isinstance(error, CallgateError) else "Nobody answers at the address it gave."
