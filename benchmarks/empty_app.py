"""The empty listener: the same Bolt app in the same HTTP mode, whose listeners do nothing but ack.

`python -m benchmarks.empty_app PORT`
"""

from __future__ import annotations

import asyncio
import os
import sys

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.http_server import HttpServer
from bot.slack import ids
from bot.slack.events_endpoint import PATH, EventsEndpoint


async def serve(port: int) -> None:
    async with aiohttp.ClientSession() as session:
        app = _bolt_app(os.environ["SLACK_SIGNING_SECRET"], session)
        for listens in (app.command(ids.COMMAND), app.view(ids.CALL_FORM), app.action(ids.APPROVE)):
            listens(_acknowledge)
        await HttpServer(dict, [(PATH, EventsEndpoint(app).receive)]).start("127.0.0.1", port)
        await asyncio.Event().wait()


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_user_id="U1", bot_id="B1", bot_token="xoxb-nobody"
    )


def _bolt_app(signing_secret: str, session: aiohttp.ClientSession) -> AsyncApp:
    return AsyncApp(
        name="empty",
        client=AsyncWebClient(token="xoxb-nobody", session=session),
        authorize=_authorize,
        signing_secret=signing_secret,
        raise_error_for_unhandled_request=True,
    )


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
