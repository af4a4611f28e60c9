"""Serves an aiohttp application on a loopback socket."""

from __future__ import annotations

import asyncio

from aiohttp import web

HOST = "127.0.0.1"


class LoopbackServer:
    """One listening socket on 127.0.0.1. It can be stopped and started again, on the same port if asked."""

    def __init__(self) -> None:
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    async def start(self, app: web.Application, port: int) -> None:
        """Listen on the port (0: any free one); `port` and `url` tell which."""
        # Handlers that hang on purpose are cut off soon after stop() instead of after a minute.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, port).start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close the socket and every connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
            # A connection accepted in this very moment is closed by the loop's next rounds.
            await asyncio.sleep(0.02)
