"""What the page can be asked for, and how it refuses the rest."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.sandbox import Sandbox
from tests.sandbox_page.conftest import Client

ALICE = "U0ALICE00"
CALLS = "C0CALLS00"
SAID = {"do": "write", "person": ALICE, "channel": CALLS, "text": "hello"}


@pytest.mark.parametrize(
    "order",
    [
        b"",
        b"\xff",
        b"nonsense",
        b"[]",
        b"[" * 100_000,
        b'{"do": "write", "person": 1}',
        {},
        {"do": "explode"},
        {**SAID, "more": 1},
        {**SAID, "text": 5},
        {**SAID, "text": ""},
        {**SAID, "text": "x" * 12_001},
        {**SAID, "person": "U0NOBODY0"},
        {**SAID, "channel": "C0NOWHERE"},
        {**SAID, "thread": "1.000000"},
        {"do": "click", "person": ALICE, "channel": CALLS, "ts": "1.0", "action_id": "approve"},
        {"do": "submit", "person": ALICE, "view": "V0000001"},
        {"do": "set_call", "call_sid": "OUT-1", "to": "ring"},
        {"do": "set_call", "call_sid": "OUT-1", "to": "explode"},
        {"do": "set_trouble", "where": "polyai", "kind": "418"},
        {"do": "set_trouble", "where": "elsewhere", "kind": "429"},
        {"do": "set_bot", "to": "paint"},
    ],
)
async def test_a_malformed_order_is_refused_with_a_sentence(client: Client, order: Any) -> None:
    """Whatever is no order is answered 400 and one sentence, and changes nothing."""
    status, answer = await client.ask(order)
    assert status == 400
    assert answer["error"].endswith(".") and "Traceback" not in answer["error"]


@pytest.mark.parametrize(
    "token",
    [
        "xoxb-" + "1234567890-abcdefghij",
        "xoxp-" + "1234567890-abcdefghij",
        "xapp-1-A0123456789-abcdefghij",
        "xoxe.xoxp-1-abcdefghijkl",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
        "X-PolyAi-Auth-Token: abcdef",
    ],
)
async def test_a_real_token_is_never_taken(client: Client, sandbox: Sandbox, token: str) -> None:
    """Somebody who pastes a real token is told so, and it is shown and kept nowhere."""
    status, answer = await client.ask({**SAID, "text": f"is it {token}?"})
    assert status == 400 and "real token" in answer["error"] and token not in answer["error"]
    address = f"{client.page.url}/files/{ALICE}/token.json"
    headers = {"Content-Type": "application/octet-stream"}
    async with client.session.post(address, data=token.encode(), headers=headers) as response:
        assert response.status == 400
    assert not list(sandbox.alice.sees(sandbox.channel)) and not sandbox.slack.workspace.files


async def test_what_people_type_is_escaped_as_slack_does(client: Client, sandbox: Sandbox) -> None:
    """Nobody can type a mention or a link by hand."""
    await client.do("write", person=ALICE, channel=CALLS, text="<!channel> & <@U0BOB0000>")
    (said,) = sandbox.alice.sees(sandbox.channel)
    assert said.text == "&lt;!channel&gt; &amp; &lt;@U0BOB0000&gt;"


async def test_a_command_that_nobody_registered(client: Client) -> None:
    """Slack knows no such command, and says so."""
    status, answer = await client.ask({**SAID, "text": "/callme"})
    assert (status, answer["error"]) == (409, "/callme is not a command of this workspace.")


async def test_no_command_in_a_thread(client: Client, sandbox: Sandbox) -> None:
    """Slack runs no slash commands in threads."""
    parent = sandbox.alice.say("parent", sandbox.channel)
    status, answer = await client.ask({**SAID, "text": "/call", "thread": parent.ts})
    assert status == 409 and "in threads" in answer["error"]


async def test_a_command_without_a_bot(client: Client, sandbox: Sandbox) -> None:
    """While the bot is not there, Slackbot tells the one who typed the command."""
    await client.do("write", person=ALICE, channel=CALLS, text="/call")
    (told,) = sandbox.alice.hears(sandbox.channel)
    assert "dispatch_failed" in told.text
    assert not sandbox.bob.sees(sandbox.channel)


async def test_nobody_writes_where_they_are_not(client: Client, sandbox: Sandbox) -> None:
    """What Slack's own window would not allow is refused with a sentence."""
    private = sandbox.slack.add_channel("secret", [sandbox.bob], private=True)
    status, answer = await client.ask({**SAID, "channel": private.id})
    assert status == 409 and "Alice is not in secret" in answer["error"]


async def test_a_click_on_what_others_were_told(client: Client, sandbox: Sandbox) -> None:
    """A message that only Bob was shown does not exist for Alice."""
    told = sandbox.slack.workspace.post(CALLS, sandbox.slack.bot_user_id, "psst", ephemeral_to=sandbox.bob.id)
    click = {"do": "click", "person": ALICE, "channel": CALLS, "ts": told.ts, "action_id": "x"}
    assert (await client.ask(click))[0] == 400


async def test_slack_checks_a_form_before_it_sends_it(client: Client, sandbox: Sandbox) -> None:
    """A required field that is empty is told at the field, and the app hears nothing."""
    view = sandbox.slack.workspace.views.open(ALICE, _form())
    answer = await client.do("submit", person=ALICE, view=view.id, values={"why": ""})
    assert not answer["ok"]
    assert view.errors == {"why": "Please complete this required field."}
    assert not sandbox.slack.deliveries


@pytest.mark.parametrize("values", [{"why": 5}, {"why": ["a"]}, {"nowhere": "x"}])
async def test_values_that_fit_no_field(client: Client, sandbox: Sandbox, values: dict[str, Any]) -> None:
    """A value of the wrong kind, or for a field that is not there, is refused."""
    view = sandbox.slack.workspace.views.open(ALICE, _form())
    status, _ = await client.ask({"do": "submit", "person": ALICE, "view": view.id, "values": values})
    assert status == 400


async def test_nobody_submits_a_form_of_somebody_else(client: Client, sandbox: Sandbox) -> None:
    """A modal belongs to the person who has it open."""
    view = sandbox.slack.workspace.views.open(ALICE, _form())
    status, answer = await client.ask({"do": "submit", "person": sandbox.bob.id, "view": view.id})
    assert status == 400 and "not open" in answer["error"]


def _form() -> dict[str, Any]:
    label = {"type": "plain_text", "text": "Why"}
    element = {"type": "plain_text_input", "action_id": "why"}
    block = {"type": "input", "block_id": "why", "label": label, "element": element}
    return {"type": "modal", "title": label, "submit": label, "blocks": [block]}
