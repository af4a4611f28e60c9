"""A world that Slack reaches over HTTP, where a forger can send anything."""

from __future__ import annotations

import pytest

from tests.support.world import World


@pytest.fixture
async def http(world: World) -> World:
    world.overrides |= {"slack_app_token": None, "slack_signing_secret": world.slack.signing_secret}
    # Alice asks for hundreds of calls that nobody decides, also in a channel shared with somebody else.
    await world.start(callgate_max_pending=10_000, callgate_slack_connect=True)
    world.slack.deliver_over_http(f"http://127.0.0.1:{world.port}/slack/events")
    return world
