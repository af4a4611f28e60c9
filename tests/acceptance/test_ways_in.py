"""Slack's two ways in: Socket Mode and signed HTTP. How the first gets lost is in tests/faults."""

from __future__ import annotations

import time

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from tests.support.world import World


@pytest.fixture
async def http(world: World) -> World:
    world.overrides |= {"slack_app_token": None, "slack_signing_secret": world.slack.signing_secret}
    await world.start()
    world.slack.deliver_over_http(f"http://127.0.0.1:{world.port}/slack/events")
    return world


async def test_a_whole_call_over_http(http: World) -> None:
    """The same handlers serve signed HTTP requests, type-ahead included."""
    await http.alice.type("/call", http.channel)
    (form,) = await http.until(lambda: http.alice.modals)
    assert await http.alice.suggest(form, "country", "fra")
    await http.alice.close()
    card = await http.ask()
    await http.bob.click(card, "approve")
    await http.told(card, "PolyAI reports success")


BODY = "command=%2Fcall&text=help&user_id=U1&channel_id=C1&team_id=T1&trigger_id=1.2.3"


@pytest.mark.parametrize(
    ("timestamp", "secret", "body", "status"),
    [
        (None, "other-secret", BODY, 401),
        ("1000000000", "", BODY, 401),
        ("not a number", "", BODY, 401),
        ("١٢٣", "", BODY, 401),
        ("", "", BODY, 401),
        (None, "", "payload=%7Bnot+json", 400),
    ],
)
async def test_what_slack_did_not_sign_is_refused(
    http: World, timestamp: str | None, secret: str, body: str, status: int
) -> None:
    """A wrong signature, a stale or odd timestamp, a body that cannot be read: never acted on."""
    stamp = str(int(time.time())) if timestamp is None else timestamp
    signing = SignatureVerifier(secret or http.slack.signing_secret)
    signature = signing.generate_signature(timestamp=stamp or "0", body=body) or ""
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{http.port}/slack/events", data=body, headers=headers) as answer,
    ):
        assert answer.status == status
        assert "Traceback" not in await answer.text()


async def test_a_payload_that_nothing_hears_is_acknowledged(world: World) -> None:
    """What we have no listener for does not show Slack's own error to the person."""
    await world.start()
    assert (await world.alice.type("/other", world.channel)).ok
