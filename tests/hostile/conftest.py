"""A world that Slack reaches over HTTP, where a forger can send anything."""

from __future__ import annotations

import pytest

from tests.support.world import World


@pytest.fixture
async def http(world: World) -> World:
    world.overrides |= {"slack_app_token": None, "slack_signing_secret": world.slack.signing_secret}
<<<<<<< HEAD
    # Hundreds of forms are sent here, also in a channel that is shared with somebody else.
    await world.start(callgate_max_pending=10_000, callgate_slack_connect=True)
=======
    world.overrides |= {"callgate_max_pending": 10**6}  # Alice asks again and again, and nobody decides.
    await world.start()
>>>>>>> who
    world.slack.deliver_over_http(f"http://127.0.0.1:{world.port}/slack/events")
    return world
