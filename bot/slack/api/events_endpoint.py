"""HTTP mode: what Slack posts to `/slack/events`, checked and handed to Bolt."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.api.signature import Doubt, NotSigned, Signatures

log = structlog.get_logger()

PATH = "/slack/events"
_SSL_CHECK = re.compile(rb"(?:^|&)ssl_check=1(?:&|$)")
_SAY_EVERY = 60.0
_WHAT_TO_DO = {
    Doubt.SIGNATURE: "If Slack sent it, SLACK_SIGNING_SECRET is not this app's: see Basic Information.",
    Doubt.TIMESTAMP: "If Slack sent it, the clock of this machine is wrong: set it.",
}

_FORM = "application/x-www-form-urlencoded"

_READ_WITHIN = 3.0
"""Seconds for the body: Slack waits no longer for the whole answer. Its size aiohttp bounds, at 1 MiB."""


class EventsEndpoint:
    """The aiohttp handler. Nothing of a request is read before its signature is checked."""

    def __init__(
        self, app: AsyncApp, signing_secret: str, began: datetime, refused: Callable[[Doubt], None]
    ) -> None:
        """`refused` is told why a request was refused."""
        self._app = app
        self._signatures = Signatures(signing_secret, began)
        self._refused = refused
        self._heard_at: float | None = None
        self._said: dict[Doubt, float] = {}

    @property
    def state(self) -> str:
        """When Slack was last heard, in a few words."""
        if self._heard_at is None:
            return "has sent nothing yet that it signed with our secret"
        return f"last heard {round(time.monotonic() - self._heard_at)} seconds ago"

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one request. What is not from Slack gets 401, what cannot be read 400."""
        if request.content_type != _FORM:
            raise _unreadable()
        try:
            async with asyncio.timeout(_READ_WITHIN):
                body = await request.read()
            if _SSL_CHECK.search(body):
                return web.Response()  # Slack's look at the certificate, which it does not sign
            self._signatures.accept(request.headers, body)
            self._heard_at = time.monotonic()
            # Of the headers only this one: the others are not signed, and some of them steer Bolt.
            signed = AsyncBoltRequest(body=body.decode(), headers={"content-type": _FORM})
            return await to_aiohttp_response(await self._app.async_dispatch(signed))
        except TimeoutError:
            raise web.HTTPRequestTimeout(text="The body of this request did not come in time.") from None
        except NotSigned as error:
            self._say(error.reason, str(error))
            raise web.HTTPUnauthorized(text=str(error)) from None
        except web.HTTPException:
            raise
        except Exception as error:
            # Bolt looks for ids in the body, and raises whatever it trips over.
            log.warning("unreadable_payload", error=type(error).__name__)
            raise _unreadable() from None

    def _say(self, reason: Doubt, sentence: str) -> None:
        """Count it, and log it once a minute: whoever sends such requests must not fill the log."""
        self._refused(reason)
        now = time.monotonic()
        if now - self._said.get(reason, -_SAY_EVERY) >= _SAY_EVERY:
            self._said[reason] = now
            log.warning("request_refused", reason=sentence, what_to_do=_WHAT_TO_DO.get(reason, ""))


def _unreadable() -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text="This request cannot be read.")
