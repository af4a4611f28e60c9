"""What a window is told: everything that this person sees, and then only what changed."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.sandbox import Sandbox
from tests.sandbox_page.conftest import Client

ALICE, BOB = "U0ALICE00", "U0BOB0000"
CALLS = "C0CALLS00"


async def test_everything_at_first(client: Client, sandbox: Sandbox) -> None:
    """A window that opens late sees what was said before."""
    sandbox.alice.say("before", sandbox.channel)
    async with client.stream(BOB) as stream:
        first = await stream.next()
    assert first["me"] == BOB
    assert [person["name"] for person in first["people"]] == ["Alice", "Bob", "Carol", "Dave", "Gina"]
    assert [message["text"] for message in first["messages"]] == ["before"]
    assert {"calls", "random"} <= {channel["name"] for channel in first["channels"]}
    assert first["bot"]["state"] == "stopped"


async def test_then_only_what_changed(client: Client, sandbox: Sandbox) -> None:
    """One new message among a thousand is told alone."""
    for number in range(1_000):
        sandbox.alice.say(f"message {number}", sandbox.channel)
    async with client.stream(BOB) as stream:
        assert len((await stream.next())["messages"]) == 1_000
        sandbox.alice.say("one more", sandbox.channel)
        patch = await stream.next()
    assert set(patch) == {"messages"}
    assert [message["text"] for message in patch["messages"]] == ["one more"]


async def test_edits_that_come_together_are_told_once(client: Client, sandbox: Sandbox) -> None:
    """Ten edits of one message in a row are one message in one patch: the last."""
    said = sandbox.alice.say("first", sandbox.channel)
    async with client.stream(BOB) as stream:
        await stream.next()
        for number in range(10):
            sandbox.slack.workspace.messages.edit(said, f"edit {number}", [])
        (told,) = await stream.until("messages")
    assert told["text"] == "edit 9"


async def test_what_only_one_person_was_told(client: Client, sandbox: Sandbox) -> None:
    """An ephemeral message and a modal reach the windows of that person alone, now and on opening."""
    bot = sandbox.slack.bot_user_id
    async with client.stream(ALICE) as hers, client.stream(BOB) as his:
        await hers.next()
        await his.next()
        sandbox.slack.workspace.post(CALLS, bot, "for Bob only", ephemeral_to=BOB)
        sandbox.alice.say("for all", sandbox.channel)
        heard_by_alice, heard_by_bob = await hers.until("messages"), await his.until("messages")
    assert [message["text"] for message in heard_by_alice] == ["for all"]
    assert [(m["text"], m["only_me"]) for m in heard_by_bob] == [("for Bob only", True), ("for all", False)]
    async with client.stream(ALICE) as again:
        assert [message["text"] for message in (await again.next())["messages"]] == ["for all"]


async def test_direct_messages_are_private(client: Client, sandbox: Sandbox) -> None:
    """What the app says to Bob directly is no part of what Alice sees."""
    direct = sandbox.slack.app_home_dm(sandbox.bob)
    sandbox.slack.workspace.post(direct.id, sandbox.slack.bot_user_id, "psst")
    async with client.stream(ALICE) as stream:
        first = await stream.next()
    assert first["messages"] == [] and direct.id not in {channel["id"] for channel in first["channels"]}


async def test_a_message_that_is_deleted(client: Client, sandbox: Sandbox) -> None:
    """It is told to be gone, so that the window can take it away."""
    said = sandbox.alice.say("oops", sandbox.channel)
    async with client.stream(BOB) as stream:
        await stream.next()
        sandbox.slack.workspace.messages.delete(said)
        assert await stream.until("messages") == [{"channel": CALLS, "ts": said.ts, "gone": True}]


async def test_trouble_is_told(client: Client) -> None:
    """A window is told what trouble is switched on."""
    async with client.stream(ALICE) as stream:
        await stream.next()
        await client.do("set_trouble", where="slack", kind="429")
        assert await stream.until("trouble") == {"polyai": "none", "slack": "429"}


async def test_a_window_that_was_closed(
    client: Client, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """It is forgotten without a word in the log, and the others go on."""
    async with client.stream(BOB) as stays:
        await stays.next()
        async with client.stream(ALICE) as goes:
            await goes.next()
        for number in range(3):
            await asyncio.sleep(0.05)
            sandbox.alice.say(f"message {number}", sandbox.channel)
            assert (await stays.until("messages"))[0]["text"] == f"message {number}"
    assert not caplog.records
