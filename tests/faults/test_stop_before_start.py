"""Slack does not answer at the start: what can be up is up, and a stop wins over the start."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time

import aiohttp

from storage.database.opening import create
from tests.operations.commands import REPOSITORY
from tests.support.world import World


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


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
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY),
            "SLACK_BOT_TOKEN": "xoxb-sandbox-1",
            "SLACK_APP_TOKEN": "xapp-sandbox-1",
            "SLACK_API_URL": f"http://127.0.0.1:{free_port()}/api/",
            "POLYAI_BASE_URL": world.polyai.url,
            "POLYAI_AUTH_TOKEN": world.polyai.token,
            "CALLGATE_APPROVERS": "channel",
            "CALLGATE_DATABASE": str(world.database),
            "CALLGATE_HTTP_PORT": str(port),
        },
    )
    try:
        assert (await answered(f"http://127.0.0.1:{port}/healthz"))[0] == 200
        status, said = await answered(f"http://127.0.0.1:{port}/readyz")
        assert status == 503 and "has not answered yet" in said
        assert (await answered(f"http://127.0.0.1:{port}/metrics"))[0] == 200
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
        assert time.monotonic() - began < 5
    finally:
        if process.returncode is None:
            process.kill()
    assert not world.polyai.posts
