"""Starting: wrong credentials end the process with one sentence; health and readiness are told."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from sandbox.slack import faults
from storage.database.opening import create
from tests.support.world import World

REPOSITORY = Path(__file__).parents[2]


async def started(world: World, **changes: str | None) -> tuple[int, str]:
    """Run `callgate run` as a process until it ends; its exit status and what it printed."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
        "SLACK_BOT_TOKEN": world.slack.bot_token,
        "SLACK_APP_TOKEN": world.slack.app_token,
        "SLACK_API_URL": world.slack.api_url,
        "POLYAI_BASE_URL": world.polyai.url,
        "POLYAI_AUTH_TOKEN": world.polyai.token,
        "CALLGATE_APPROVERS": "channel",
        "CALLGATE_DATABASE": str(world.database),
        "CALLGATE_HTTP_PORT": "0",
        **changes,
    }
    database = Path(environment["CALLGATE_DATABASE"] or "")
    if not database.exists():  # noqa: ASYNC240 - a test
        create(database)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run"),
        env={name: value for name, value in environment.items() if value is not None},
        cwd=world.database.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        printed, _ = await asyncio.wait_for(process.communicate(), 20)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return process.returncode, printed.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-sandbox-wrong"}, "Slack refuses SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-sandbox-wrong"}, "Slack refuses SLACK_APP_TOKEN"),
        ({"SLACK_BOT_TOKEN": None}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_APP_TOKEN": None}, "set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET"),
        ({"POLYAI_AUTH_TOKEN": None}, "POLYAI_AUTH_TOKEN is not set"),
        ({"POLYAI_BASE_URL": "http://example.com"}, "POLYAI_BASE_URL: must be an https://"),
        ({"CALLGATE_APPROVERS": "U0BOB1,somebody"}, "CALLGATE_APPROVERS: 'somebody' is neither"),
        ({"CALLGATE_APPROVAL_EXPIRES": "tomorrow"}, "CALLGATE_APPROVAL_EXPIRES: write a number and"),
        ({"CALLGATE_APPROVALS_CHANNEL": "#calls"}, "CALLGATE_APPROVALS_CHANNEL: "),
        ({"CALLGATE_APROVERS": "U0BOB1"}, "CALLGATE_APROVERS, which is no setting"),
        ({"POLYAI_API": "other"}, "POLYAI_API: "),
    ],
)
async def test_a_wrong_setting_ends_the_process_with_one_sentence(
    world: World, changes: dict[str, str | None], words: str
) -> None:
    """It is one line of the log, names the setting, shows no secret, and there is no stack trace."""
    status, printed = await started(world, **changes)
    (line,) = map(json.loads, printed.splitlines())
    assert (status, line["event"], line["level"]) == (1, "cannot_run", "error")
    assert words.lower() in line["reason"].lower()
    assert "Traceback" not in printed and "wrong" not in printed


async def test_the_environment_of_an_oauth_app_changes_nothing(world: World) -> None:
    """SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, which switch Bolt to OAuth, do not take the token away."""
    os.environ["SLACK_CLIENT_ID"], os.environ["SLACK_CLIENT_SECRET"] = "1.2", "secret"
    try:
        await world.start()
        await world.ask()
    finally:
        del os.environ["SLACK_CLIENT_ID"], os.environ["SLACK_CLIENT_SECRET"]


async def test_slack_down_at_the_start_is_waited_for(world: World) -> None:
    """When Slack does not answer at the start, the start is tried again until it does."""
    world.slack.faults.add("auth.test", faults.http_error(503), times=2)
    await world.start()
    await world.ask()


async def test_health_and_readiness(world: World) -> None:
    """`/healthz` says alive; `/readyz` says how things stand, and 503 while Slack cannot reach us."""
    world.polyai.refuse_token = True
    await world.start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{world.port}") as session:
        async with session.get("/healthz") as response:
            assert response.status == 200
        async with session.get("/readyz") as response:
            assert response.status == 200
            assert await response.json() == {"slack": "connected", "database": "writable", "dialing": "on"}
        card = await world.ask()
        await world.bob.click(card, "approve")
        await world.told(card, "refused our access")
        async with session.get("/readyz") as response:
            assert await response.json() == {"slack": "connected", "database": "writable", "dialing": "held"}
        world.slack.socket.refuse_handshakes(100)
        await world.slack.socket.drop()
        await asyncio.sleep(0.2)
        async with session.get("/readyz") as response:
            assert response.status == 503


async def test_a_port_that_is_taken_is_one_sentence(world: World) -> None:
    """A second server on the same port is refused with what to do."""
    await world.start()
    status, printed = await started(
        world,
        CALLGATE_HTTP_PORT=str(world.port),
        CALLGATE_DATABASE=str(world.database.with_name("other.db")),
    )
    *_, last = map(json.loads, printed.splitlines())
    assert status == 1 and "Set CALLGATE_HTTP_PORT" in last["reason"]
