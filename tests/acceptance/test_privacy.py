"""Nothing leaves the house: no token, number or payload in a log, no forged mention in a message."""

from __future__ import annotations

import json
import logging

import pytest

from bot.logs import set_up_logs
from tests.support.world import NUMBER, World

HOSTILE = "<!channel> <@U0BOB> <https://evil.example|bank> *bold* `code` @here"


async def test_no_secret_number_or_payload_reaches_the_log(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """A whole call with every log on leaves neither tokens, nor the number, nor the metadata in it."""
    set_up_logs(logging.INFO)
    await world.start()
    card = await world.ask(metadata="patient_name=Paula Secret")
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")
    await world.stop()
    logged = capsys.readouterr().err
    assert "dialed" in logged
    for secret in (world.slack.bot_token, world.slack.app_token, world.polyai.token, NUMBER[1:], "Paula"):
        assert secret not in logged


async def test_what_people_typed_forges_nothing(world: World) -> None:
    """Mentions, links and markup in the why, the reason and the metadata stay the text that they are."""
    await world.start()
    card = await world.ask(why=HOSTILE, metadata="some_key=" + HOSTILE)
    await world.bob.click(card, "deny")
    await world.until(lambda: world.bob.modals)
    await world.bob.submit(values={"reason": HOSTILE})
    await world.told(card, HOSTILE)
    for message in [card, *world.alice.thread(card)]:
        assert "<!channel>" not in message.text and "<https://evil" not in message.text
        for mrkdwn in mrkdwn_of(message.blocks):
            assert "channel" not in mrkdwn and "evil" not in mrkdwn


async def test_the_channel_never_sees_the_number_or_a_metadata_value(world: World) -> None:
    """In what the whole channel can read the number is masked, and of the metadata only keys are shown."""
    await world.start()
    card = await world.ask(metadata="patient_name=Paula Secret")
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")
    for message in [card, *world.alice.thread(card)]:
        shown = json.dumps([message.text, message.blocks, [version.blocks for version in message.edits]])
        assert "Paula" not in shown and "6451984" not in shown and "645-1984" not in shown


def mrkdwn_of(value: object) -> list[str]:
    """Every text that Slack parses, anywhere in the blocks."""
    if isinstance(value, list):
        return [found for each in value for found in mrkdwn_of(each)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") == "mrkdwn" else []
    return own + [found for each in value.values() for found in mrkdwn_of(each)]
