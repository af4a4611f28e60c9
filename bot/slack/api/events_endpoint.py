"""HTTP mode: what Slack posts to `/slack/events`, checked and handed to Bolt."""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

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
        try:
            async with asyncio.timeout(_READ_WITHIN):
                body = await request.read()
            self._signatures.accept(request.headers, body)
            # Of the headers only this one: the others are not signed, and some of them steer Bolt.
            signed = AsyncBoltRequest(body=body.decode(), headers={"content-type": _FORM})
            return await to_aiohttp_response(await self._app.async_dispatch(signed))
        except TimeoutError:
            raise web.HTTPRequestTimeout(text="The body of this request did not come in time.") from None
        except NotSigned as error:
            raise web.HTTPUnauthorized(text=str(error)) from None
        except web.HTTPException:
            raise
        except Exception as error:
            # Bolt looks for ids in the body, and raises whatever it trips over.
            log.warning("unreadable_payload", error=type(error).__name__)
            raise _unreadable() from None


def _unreadable() -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text="This request cannot be read.")
