"""The other side: calls at PolyAI, and trouble on purpose."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.page import coverage
from sandbox.page.real_tokens import real_tokens_in
from sandbox.page.trouble import POLYAI
from sandbox.sandbox import Sandbox
from sandbox.slack import coverage as matrix
from tests.sandbox_page.conftest import Client

NUMBER = "+16175550184"


async def place(client: Client, sandbox: Sandbox, **headers: str) -> tuple[int, Any]:
    """Ask the emulated PolyAI for a call, as the bot does."""
    headers = {"X-PolyAi-Auth-Token": sandbox.polyai.token, **headers}
    address = f"{sandbox.polyai.url}/v1/outbound-calling"
    body = {"to_number": NUMBER, "metadata": {}}
    async with client.session.post(address, json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_a_call_goes_as_the_buttons_say(client: Client, sandbox: Sandbox) -> None:
    """It rings and fails with the reason that was typed, and every window is told."""
    _, placed = await place(client, sandbox)
    sid = placed["call_sid"]
    async with client.stream("U0ALICE00") as stream:
        (call,) = (await stream.next())["calls"]
        assert call["status"] == "queued" and call["to_number"] == NUMBER
        await client.do("set_call", call_sid=sid, to="ring")
        assert (await stream.until("calls"))[0]["status"] == "calling"
        await client.do("set_call", call_sid=sid, to="fail", reason="Busy")
        (call,) = await stream.until("calls")
    assert (call["status"], call["reason"]) == ("failure", "Busy")


async def test_a_call_goes_on_by_the_clock(client: Client, sandbox: Sandbox) -> None:
    """A window sees a call's status change though nobody asks PolyAI for it."""
    sandbox.polyai.set_progress([(0.2, "calling", "")])
    async with client.stream("U0ALICE00") as stream:
        await stream.next()
        await place(client, sandbox)
        assert (await stream.until("calls"))[0]["status"] == "queued"
        assert (await stream.until("calls"))[0]["status"] == "calling"


async def test_a_lost_call(client: Client, sandbox: Sandbox) -> None:
    """PolyAI knows nothing of it any more."""
    _, placed = await place(client, sandbox)
    await client.do("set_call", call_sid=placed["call_sid"], to="lose")
    address = f"{sandbox.polyai.url}/v1/outbound-calling/{placed['call_sid']}/status"
    async with client.session.get(address, headers={"X-PolyAi-Auth-Token": sandbox.polyai.token}) as response:
        assert response.status == 404


async def test_a_request_is_shown_without_its_token(client: Client, sandbox: Sandbox) -> None:
    """Headers, body and answer can be seen; the token is not among them."""
    await place(client, sandbox)
    async with client.stream("U0ALICE00") as stream:
        (post,) = (await stream.next())["posts"]
    assert json.loads(post["body"])["to_number"] == NUMBER and post["answer_status"] == 200
    assert "Content-Type" in post["headers"] and sandbox.polyai.token not in json.dumps(post)


@pytest.mark.parametrize("kind", ["401", "429", "500"])
async def test_polyai_refuses_until_switched_back(client: Client, sandbox: Sandbox, kind: str) -> None:
    """Every request is answered so, and no phone rings, until the trouble is over."""
    await client.do("set_trouble", where="polyai", kind=kind)
    assert [(await place(client, sandbox))[0] for _ in range(2)] == [int(kind)] * 2
    assert sandbox.polyai.rings(NUMBER) == 0
    await client.do("set_trouble", where="polyai", kind="none")
    assert (await place(client, sandbox))[0] == 200


async def test_the_answer_is_lost(client: Client, sandbox: Sandbox) -> None:
    """The phone rings, and whoever asked for it never hears so."""
    await client.do("set_trouble", where="polyai", kind="lost_answer")
    with pytest.raises(aiohttp.ClientError):
        await place(client, sandbox)
    assert sandbox.polyai.rings(NUMBER) == 1


async def test_every_trouble_can_be_switched_on(client: Client, sandbox: Sandbox) -> None:
    """Each one that the page offers is there, and one replaces the other."""
    for kind in POLYAI:
        await client.do("set_trouble", where="polyai", kind=kind)
    await client.do("set_trouble", where="polyai", kind="none")
    assert (await place(client, sandbox))[0] == 200


async def test_slack_says_too_many(client: Client, sandbox: Sandbox) -> None:
    """Every post is answered 429 with Retry-After until switched back."""
    slack = AsyncWebClient(token=sandbox.slack.bot_token, base_url=sandbox.slack.api_url)
    await client.do("set_trouble", where="slack", kind="429")
    with pytest.raises(SlackApiError) as refusal:
        await slack.chat_postMessage(channel=sandbox.channel.id, text="hello")
    assert refusal.value.response.headers["Retry-After"] == "2"
    await client.do("set_trouble", where="slack", kind="none")
    assert (await slack.chat_postMessage(channel=sandbox.channel.id, text="hello"))["ok"]


async def test_what_is_emulated(client: Client) -> None:
    """The page shows every row of the coverage matrix."""
    async with client.session.get(f"{client.page.url}/coverage") as response:
        shown = {row["what"] for table in await response.json() for row in table["rows"]}
    tables = [rows for rows in vars(matrix).values() if isinstance(rows, list)]
    assert shown == {row.what for rows in tables for row in rows} | {matrix.HTTP_DELIVERY.what}
    assert coverage.coverage()


@pytest.mark.parametrize(
    "environment",
    [
        {"SLACK_BOT_TOKEN": "xoxb-" + "1234567890-abcdefghij"},
        {"SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef"},
        {"POLYAI_AUTH_TOKEN": "whatever it looks like"},
        {"SOMETHING_ELSE": "xapp-1-A0123456789-abcdefghij"},
    ],
)
def test_real_tokens_in_the_environment(environment: dict[str, str]) -> None:
    """The variable is named, so that somebody can unset it."""
    assert real_tokens_in(environment | {"PATH": "/usr/bin"}) == list(environment)


def test_no_real_tokens_in_the_environment() -> None:
    """Empty variables and the sandbox's own tokens are no reason to refuse."""
    assert real_tokens_in({"SLACK_BOT_TOKEN": "", "POLYAI_AUTH_TOKEN": "sandbox-polyai-token-1"}) == []
