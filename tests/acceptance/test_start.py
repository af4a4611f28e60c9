"""Starting: wrong credentials end the process with one sentence; health and readiness are told."""

from __future__ import annotations

import asyncio
import json
import os

import aiohttp
import pytest

from sandbox.slack import faults
from storage.database.opening import create
from tests.operations.commands import callgate
from tests.support.world import World


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
    create(world.database)
    done = await callgate(world, "run", CALLGATE_HTTP_PORT="0", **changes)
    (line,) = map(json.loads, done.printed.splitlines())
    assert (done.status, line["event"], line["level"]) == (1, "cannot_run", "error")
    assert words.lower() in line["reason"].lower()
    assert "Traceback" not in done.printed and "wrong" not in done.printed


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
    url = f"http://127.0.0.1:{world.port}/healthz"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 200
    parts = {"slack": "connected", "database": "writable", "dialing": "on"}
    assert await world.readiness() == (200, parts)
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "refused our access")
    assert await world.readiness() == (200, parts | {"dialing": "held"})
    world.slack.socket.refuse_handshakes(100)
    await world.slack.socket.drop()
    await asyncio.sleep(0.2)
    assert (await world.readiness())[0] == 503


async def test_a_port_that_is_taken_is_one_sentence(world: World) -> None:
    """A second server on the same port is refused with what to do."""
    await world.start()
    other = world.database.with_name("other.db")
    create(other)
    port = str(world.port)
    done = await callgate(world, "run", CALLGATE_HTTP_PORT=port, CALLGATE_DATABASE=str(other))
    *_, last = map(json.loads, done.printed.splitlines())
    assert done.status == 1 and "Set CALLGATE_HTTP_PORT" in last["reason"]
