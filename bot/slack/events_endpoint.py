"""HTTP mode: what Slack posts to `/slack/events`, handed to Bolt, which checks the signature."""

from __future__ import annotations

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

PATH = "/slack/events"


class EventsEndpoint:
    """The aiohttp handler."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one request. What is not from Slack gets 401, what cannot be read 400."""
        # Bolt answers a timestamp that is no number with 500.
        if not request.headers.get("X-Slack-Request-Timestamp", "").isdecimal():
            raise web.HTTPUnauthorized(text="This request is not signed by Slack.")
        try:
            bolt_request = await to_bolt_request(request)
        except ValueError:
            raise web.HTTPBadRequest(text="This request cannot be read.") from None
        return await to_aiohttp_response(await self._app.async_dispatch(bolt_request))
