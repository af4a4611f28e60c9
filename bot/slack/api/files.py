"""Fetches a file that somebody uploaded into a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.domain.errors import InvalidFields
from bot.slack.api.addresses import SlackAddresses

MAX_BYTES = 64 * 1024
"""More than the largest metadata that can be sent, in any way of writing JSON that a person uses."""

_TIMEOUT = aiohttp.ClientTimeout(total=2.0)
"""It is fetched before the form is acknowledged, and Slack waits three seconds for that."""

_GONE = {"tombstone", "hidden_by_limit"}
_DELETED = "This file was deleted in Slack. Upload it again, or type what is in it above."
_TOO_LARGE = f"The file is too large: at most {MAX_BYTES // 1024} KB."


class Files:
    """Downloads files from Slack with the bot's token, and from nowhere else."""

    def __init__(self, session: aiohttp.ClientSession, token: str, addresses: SlackAddresses) -> None:
        self._session = session
        self._token = token
        self._addresses = addresses

    async def fetch(self, file: Mapping[str, Any], field: str) -> bytes:
        """The file's bytes.

        Raises:
            InvalidFields: too large, not Slack's, or Slack did not hand it over; at `field`.
        """
        if file.get("mode") in _GONE:
            raise InvalidFields({field: _DELETED})
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        if not self._addresses.keeps_files(url):
            raise InvalidFields({field: "This file is not kept by Slack. Upload it here again."})
        size = file.get("size")
        if isinstance(size, int) and size > MAX_BYTES:
            raise InvalidFields({field: _TOO_LARGE})
        headers = {"Authorization": f"Bearer {self._token}"}
        request = self._session.get(url, headers=headers, timeout=_TIMEOUT, allow_redirects=False)
        data = b""
        try:
            async with request as response:
                if response.status in {404, 410}:
                    raise InvalidFields({field: _DELETED})
                if response.status == 200:
                    async for chunk in response.content.iter_chunked(8192):
                        data += chunk
                        if len(data) > MAX_BYTES:
                            raise InvalidFields({field: _TOO_LARGE})
        except (aiohttp.ClientError, TimeoutError, ValueError):  # the last for what is no URL
            data = b""
        if not data:
            raise InvalidFields({field: "Slack did not hand over the file. Press the button again."})
        return data
