"""Nothing leaves the house: no token, number or payload in a log, no forged mention in a message."""

from __future__ import annotations

import json
import logging

import pytest
from pydantic import SecretStr

from bot.ops.clock import SystemClock
from bot.ops.doctor.examine import examine
from sandbox import faults as network
from sandbox.polyai import faults as polyai_faults
from sandbox.slack import faults as slack_faults
from tests.support.logs import leaks
from tests.support.world import NO_CAPS, NUMBER, World

HOSTILE = "<!channel> <@U0BOB> <https://evil.example|bank> *bold* `code` @here"


async def test_no_secret_number_or_payload_reaches_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that can happen to a call, with every log on: no token, number, text or one-time address in it.

    The log of every other test that starts the whole product is searched as well, when its world closes.
    """
    world.logs.open(logging.DEBUG)
    await world.start(callgate_policy=NO_CAPS)
    await _refusals(world)
    await _decisions(world)
    await _troubles(world)
    await world.stop()
    assert {"dialed", "response_url_failed", "incident"} <= {line["event"] for line in world.logs.lines}
    shown = world.logs.text + await _diagnosis(world, monkeypatch)
    found = leaks(shown, world.slack, world.polyai, world.database)
    assert not found and "Paula" not in shown and "6451985" not in shown


async def _refusals(world: World) -> None:
    """A form that is refused for its number, a command that cannot be read, a forged button."""
    await world.alice.type("/call +1 (617) 645-1985 patient_name=Paula oops", world.channel)
    await world.hears(world.alice, "opens a form")
    await world.alice.type("/call", world.channel)
    await world.until(lambda: world.alice.modals)
    await world.alice.submit(
        values={"to_number": "+1 617 645 1985 x9", "metadata": "patient_name"}, force=True
    )
    await world.alice.close()


async def _decisions(world: World) -> None:
    """One call that goes all the way, one that is denied; a click that may not be, and a defect of ours."""
    card = await world.ask(to_number="+1 (617) 645-1984", metadata="patient_name=Paula Secret")
    await world.alice.click(card, "approve")
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")
    denied = await world.ask(metadata="patient_name=Paula Secret")
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("bot.service.calls.approval.cancel", _raise)
        await world.alice.click(denied, "cancel")
        await world.hears(world.alice, "incident")
    await world.bob.click(denied, "deny")
    await world.until(lambda: world.bob.modals)
    await world.bob.submit(values={"reason": "Paula Secret has another number, 617 645 1985"})
    await world.told(denied, "another number")


async def _troubles(world: World) -> None:
    """PolyAI and Slack fail in every way that is logged."""
    world.polyai.faults.add("place", polyai_faults.answer(400, f'{{"error": "no such {NUMBER}, Paula"}}'))
    refused = await world.ask(metadata="patient_name=Paula Secret")
    await world.bob.click(refused, "approve")
    await world.shows(refused, "refused by PolyAI")
    lost = await world.ask(metadata="patient_name=Paula Secret")
    world.polyai.faults.add("place", network.garbage())
    for method in ("chat.postMessage", "chat.update", "users.info", "response_url"):
        world.slack.faults.add(method, network.garbage())
        world.slack.faults.add(method, slack_faults.http_error(500))
    for _ in range(3):
        await world.bob.click(lost, "approve")
    await world.told(lost, "A phone may be ringing")


async def _diagnosis(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """What `callgate doctor` finds."""
    for name, value in world.settings().model_dump().items():
        if name.startswith(("slack", "polyai", "callgate_database")) and value is not None:
            revealed = value.get_secret_value() if isinstance(value, SecretStr) else value
            monkeypatch.setenv(name.upper(), str(revealed))
    return "\n".join([str(finding) async for finding in examine(SystemClock())])


def _raise(*_: object) -> None:
    raise RuntimeError("a defect")


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
