"""The GET that asks how a call stands, thousands of times a second where thousands are in progress.

Over kept connections and with aiohttp, which asks for a fortieth of the CPU that httpx takes with many
requests under way. Bounded in time and size, redirects never followed, TLS verified.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx

from bot import crash_points
from bot.polyai.reply import MAX_BYTES, Reply

MAX_SECONDS = 15.0
"""For the whole of it, however it comes; what takes longer is asked again."""


class NoReply(Exception):
    """Nothing that can be read came back."""


class AskingClient:
    """Asks one base URL. However many ask at the same time, each has a connection. Close it when done."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        self._base_url = base_url.rstrip("/")
        self._session = new_session(base_url, headers)

    async def get(self, path: str) -> Reply:
        """The whole answer. Where a connection breaks it is asked once more. Raises NoReply."""
        try:
            with crash_points.around("GET"):
                async with self._session.get(self._base_url + path, allow_redirects=False) as response:
                    return Reply(response.status, response.headers, await _read(response.content))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NoReply from error

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


def new_session(base_url: str, headers: dict[str, str]) -> aiohttp.ClientSession:
    """The HTTP client by which that URL is asked."""
    return aiohttp.ClientSession(
        # An answer is taken as it comes: what is compressed can be any length when it is opened.
        headers={**headers, "Accept-Encoding": "identity"},
        auto_decompress=False,
        connector=aiohttp.TCPConnector(limit=0, ssl=httpx.create_ssl_context()),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=MAX_SECONDS, sock_connect=5.0),
        proxy=_proxy(base_url),
    )


async def _read(content: aiohttp.StreamReader) -> bytes:
    body = b""
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > MAX_BYTES:
            raise NoReply("The answer was too long.")
    return body


def _proxy(base_url: str) -> str | None:
    """The environment's, as for httpx; read once, for aiohttp would read it again at every request."""
    url, proxies = urlsplit(base_url), getproxies()
    if proxy_bypass(url.hostname or ""):
        return None
    return proxies.get(url.scheme) or proxies.get("all")
