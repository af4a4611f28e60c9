"""Slack does not answer at the start: what can be up is up, and a stop wins over the start."""

from __future__ import annotations

import asyncio
import os
import time

import aiohttp

from sandbox.bot_process import BotProcess, free_port, handed_on
from storage.database.opening import create
from tests.support.world import World


async def answered(url: str) -> tuple[int, str]:
    """Status and text of it, as soon as somebody listens there."""
    deadline = time.monotonic() + 20
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url) as answer:
                    return answer.status, await answer.text()
            except aiohttp.ClientConnectorError:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.05)


async def test_a_stop_while_slack_is_away_is_obeyed(world: World) -> None:
    """Health and readiness answer before Slack has; SIGTERM then ends the process, which dials nothing."""
    create(world.database)
    port = free_port()
    environment = {
        **handed_on(os.environ),
        "SLACK_BOT_TOKEN": "xoxb-sandbox-1",
        "SLACK_APP_TOKEN": "xapp-sandbox-1",
        "SLACK_API_URL": f"http://127.0.0.1:{free_port()}/api/",
        "POLYAI_BASE_URL": world.polyai.url,
        "POLYAI_AUTH_TOKEN": world.polyai.token,
        "CALLGATE_APPROVERS": "channel",
        "CALLGATE_DATABASE": str(world.database),
        "CALLGATE_HTTP_PORT": str(port),
    }
    process = BotProcess(environment, world.database.with_name("bot.log"))
    process.start()
    try:
        assert (await answered(f"http://127.0.0.1:{port}/healthz"))[0] == 200
        status, said = await answered(f"http://127.0.0.1:{port}/readyz")
        assert status == 503 and "has not answered yet" in said
        assert (await answered(f"http://127.0.0.1:{port}/metrics"))[0] == 200
        began = time.monotonic()
        assert await asyncio.wait_for(process.terminate(), 10) == 0
        assert time.monotonic() - began < 5
    finally:
        await process.kill()
    assert not world.polyai.posts
