"""HTTP mode: what Slack posts to `/slack/events`, checked, read and handed to Bolt."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web
from pydantic_core import from_json
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from yarl import URL

from bot.slack.api.signature import NotSigned, Signatures

log = structlog.get_logger()

PATH = "/slack/events"
_FORM = "application/x-www-form-urlencoded"

_READ_WITHIN = 3.0
"""Seconds for the body: Slack waits no longer for the whole answer. Its size aiohttp bounds, at 1 MiB."""


class EventsEndpoint:
    """The aiohttp handler. Nothing of a request is read before its signature is checked."""

    def __init__(self, app: AsyncApp, signing_secret: str, began: datetime) -> None:
        self._app = app
        self._signatures = Signatures(signing_secret, began)

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one request. What is not from Slack gets 401, what cannot be read 400."""
        if request.content_type != _FORM:
            raise _unreadable()
        return await to_aiohttp_response(await self._dispatch(await self._signed(request)))

    async def _signed(self, request: web.Request) -> str:
        body = await _body(request)
        try:
            self._signatures.accept(request.headers, body)
            return body.decode()
        except NotSigned as error:
            raise web.HTTPUnauthorized(text=str(error)) from None
        except UnicodeDecodeError:
            raise _unreadable() from None

    async def _dispatch(self, body: str) -> BoltResponse:
        try:
            payload = _payload(body)
            # By this name Bolt knows a payload that is checked and read already.
            return await self._app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        except Exception as error:
            # Bolt looks for ids in the body, and raises whatever it trips over.
            log.warning("unreadable_payload", error=type(error).__name__)
            raise _unreadable() from None


def _payload(body: str) -> dict[str, Any]:
    """A slash command's fields, or the JSON of all else. Both decoded in C: Bolt decodes forms in Python."""
    form = URL.build(query_string=body, encoded=True).query
    payload = from_json(form["payload"]) if "payload" in form else dict(form)
    if not isinstance(payload, dict):
        raise TypeError("a payload is an object")
    return payload


async def _body(request: web.Request) -> bytes:
    # Nearly always all of it is here already, and nothing has to be timed.
    within = None if request.content.is_eof() else _READ_WITHIN
    try:
        async with asyncio.timeout(within):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The body of this request did not come in time.") from None


def _unreadable() -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text="This request cannot be read.")
