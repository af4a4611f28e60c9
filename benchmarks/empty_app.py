"""The empty app: Bolt of its faster kind (`ack=`, `lazy=`), in HTTP mode, which does nothing but acknowledge.

`CALLGATE_HTTP_PORT=… python -m benchmarks.empty_app`
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.command_name import DEFAULT
from bot.slack.api.events_endpoint import PATH
from bot.slack.show import ids


async def serve(port: int) -> None:
    runner = web.AppRunner(_application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


def _application() -> web.Application:
    bolt = _bolt_app(os.environ["SLACK_SIGNING_SECRET"])
    for listens in (bolt.command(DEFAULT), bolt.view(ids.CALL_FORM), bolt.action(ids.APPROVE)):
        listens(ack=_acknowledge, lazy=[_nothing])
    app = web.Application()
    app.router.add_post(PATH, _receiver(bolt))
    app.router.add_get("/readyz", _ready)
    return app


def _receiver(bolt: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Bolt's own way from an aiohttp request to the response."""

    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    return receive


async def _ready(_request: web.Request) -> web.Response:
    return web.json_response({})


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


async def _nothing() -> None:
    """What follows an acknowledgement."""


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_user_id="U1", bot_id="B1", bot_token="xoxb-nobody"
    )


def _bolt_app(signing_secret: str) -> AsyncApp:
    return AsyncApp(
        name="empty",
        client=AsyncWebClient(token="xoxb-nobody"),
        authorize=_authorize,
        signing_secret=signing_secret,
        raise_error_for_unhandled_request=True,
        process_before_response=True,
    )


if __name__ == "__main__":
    asyncio.run(serve(int(os.environ["CALLGATE_HTTP_PORT"])))
