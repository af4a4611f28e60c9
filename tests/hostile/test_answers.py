"""Where a payload says that it is to be answered: only Slack is, and the person hears it all the same."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from bot.slack.api.addresses import SlackAddresses
from sandbox.loopback import LoopbackServer
from tests.hostile.samples import HEARD
from tests.hostile.test_payloads import body_of, pending
from tests.hostile.wire import sign_and_post
from tests.support.world import World

SLACK = SlackAddresses("https://slack.com/api/")
SANDBOX = SlackAddresses("http://127.0.0.1:8080/api/")

ELSEWHERE = [
    "https://evil.example/hooks.slack.com/",
    "https://hooks.slack.com.evil.example/",
    "https://hooks.slack.com@evil.example/",
    "https://evil.example\\@hooks.slack.com/",
    "https://hooks.slack.com",
    "https://hooks.slack.com:8443/",
    "http://hooks.slack.com/",
    "HTTPS://evil.example/",
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:80801/",
    "file:///etc/passwd",
    "//hooks.slack.com/",
    " https://hooks.slack.com/",
    "",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_an_address_that_is_not_slacks_takes_no_answer_and_no_token(url: str) -> None:
    """Other hosts, however they look like Slack's, other ports, other schemes."""
    for addresses in (SLACK, SANDBOX):
        assert not addresses.takes_responses(url)
        assert not addresses.keeps_files(url)


def test_slacks_own_addresses() -> None:
    """The hosts of both clouds, and the host of the Web API, where an operator set another."""
    for url in ("https://hooks.slack.com/actions/T1/2/x", "https://hooks.slack-gov.com/commands/T1/2/x"):
        assert SLACK.takes_responses(url) and SANDBOX.takes_responses(url)
    for url in ("https://files.slack.com/files-pri/T1-F1/x.json", "https://files.slack-gov.com/x"):
        assert SLACK.keeps_files(url)
    assert SANDBOX.takes_responses("http://127.0.0.1:8080/actions/T/x")
    assert SANDBOX.keeps_files("http://127.0.0.1:8080/files-pri/x")
    assert not SLACK.takes_responses("http://127.0.0.1:8080/actions/T/x")
    assert not SLACK.keeps_files("https://evil.example\\.slack.com/x")


@pytest.mark.parametrize("name", ["command", "approve"])
async def test_a_forged_response_url_is_not_posted_to(http: World, name: str) -> None:
    """Whoever waits there hears nothing; the person is told in the channel, alone."""
    heard: list[Any] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append(await request.text())
        return web.Response(text="ok")

    spy = LoopbackServer()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", hear)
    await spy.start(app, 0)
    try:
        payload = HEARD[name](http, await pending(http)) | {"response_url": f"{spy.url}/actions/T/x"}
        if name == "approve":
            payload["user"] = payload["user"] | {"id": http.alice.id}
        assert (await sign_and_post(http, body_of(payload))).status == 200
        await http.until(lambda: http.alice.hears(http.channel))
        assert not heard and not http.bob.hears(http.channel)
    finally:
        await spy.stop()


async def test_a_used_up_response_url_is_made_up_for(http: World) -> None:
    """Where Slack takes nothing more through the response URL, the person is told otherwise."""
    card = await http.ask()
    for _ in range(7):
        await http.alice.click(card, "approve")
    await http.until(lambda: len(http.alice.hears(http.channel)) == 7)
