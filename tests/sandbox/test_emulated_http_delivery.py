"""Delivery over HTTP: Bolt's own signature check accepts it, and failures are what a person would see."""

import asyncio
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from sandbox.loopback import LoopbackServer

from .conftest import Bolt, plain


@pytest.fixture
async def served(slack, client):
    """A Bolt app behind its own aiohttp server; the emulator delivers to it over HTTP."""
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)
    server = LoopbackServer()
    await server.start(app.web_app(path="/slack/events"), 0)
    slack.deliver_over_http(f"{server.url}/slack/events")
    yield SimpleNamespace(bolt=Bolt(app), url=f"{server.url}/slack/events")
    await server.stop()


@pytest.fixture
async def answering(slack):
    """A server that answers whatever it is told, which the emulator delivers to."""
    told = SimpleNamespace(status=200, body="", seconds=0.0, requests=[])

    async def answer(request):
        told.requests.append((request.headers, await request.read()))
        await asyncio.sleep(told.seconds)
        return web.Response(status=told.status, text=told.body)

    server, app = LoopbackServer(), web.Application()
    app.router.add_post("/", answer)
    await server.start(app, 0)
    slack.deliver_over_http(f"{server.url}/")
    yield told
    await server.stop()


async def test_bolt_accepts_the_signature(here, served):
    """Commands, clicks and forms arrive over HTTP as they do over Socket Mode."""
    served.bolt.on(served.bolt.app.command("/call"), text="Hello")
    ack = await here.alice.type("/call +1 617 & more", here.calls)
    assert ack.ok and ack.payload == {"text": "Hello"}
    assert served.bolt.body["text"] == "+1 617 & more"
    assert [message.text for message in here.alice.hears(here.calls)] == ["Hello"]


async def test_interactive_payloads_arrive(here, served, client, modal):
    """A click and a form submission pass Bolt's signature check too, and events do."""
    served.bolt.on(served.bolt.app.action("go"))
    served.bolt.on(served.bolt.app.view("form"), response_action="errors", errors={"number": "No."})
    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    await client.chat_postMessage(
        channel=here.calls.id, text="x", blocks=[{"type": "actions", "elements": [button]}]
    )
    assert (await here.bob.click(here.bob.sees(here.calls)[0], "go")).ok
    await client.views_open(trigger_id=served.bolt.body["trigger_id"], view=modal())
    await here.bob.submit(values={"number": "1"})
    assert here.bob.modals[0].errors == {"number": "No."}
    assert (await here.bob.open_home()).status == 404  # nobody listens, but it was read and understood


async def test_bolt_refuses_another_signature(slack, here, served):
    """With a wrong secret Bolt answers 401, and the person sees a failure."""
    slack.signing_secret = "0" * 32
    slack.deliver_over_http(served.url)
    ack = await here.alice.type("/call", here.calls)
    assert (ack.ok, ack.status, ack.problem) == (False, 401, "dispatch_failed")


@pytest.mark.parametrize(
    ("body", "payload"), [("", None), ("plain", {"text": "plain"}), ('{"text": "j"}', {"text": "j"})]
)
async def test_answers_come_empty_as_text_or_as_json(here, answering, body, payload):
    """Each kind of 200 answer is an acknowledgement."""
    answering.body = body
    ack = await here.alice.type("/call", here.calls)
    assert ack.ok and ack.payload == payload


async def test_the_request_looks_like_slacks(here, answering):
    """A slash command is a form with a version 0 signature and a timestamp in seconds."""
    await here.alice.type("/call x", here.calls)
    headers, body = answering.requests[0]
    assert headers["Content-Type"] == "application/x-www-form-urlencoded" and b"command=%2Fcall" in body
    assert headers["X-Slack-Signature"].startswith("v0=") and headers["X-Slack-Request-Timestamp"].isdigit()


async def test_a_failure_status_is_dispatch_failed(here, answering):
    """Anything but 200 is shown as dispatch_failed."""
    answering.status = 500
    ack = await here.alice.type("/call", here.calls)
    assert (ack.status, ack.problem) == (500, "dispatch_failed")


async def test_a_slow_answer_is_operation_timeout(slack, here, answering):
    """No answer in time is shown as operation_timeout."""
    slack.ack_timeout, answering.seconds = 0.1, 0.3
    assert (await here.alice.type("/call", here.calls)).problem == "operation_timeout"


async def test_nobody_listening_is_dispatch_failed(slack, here):
    """A refused connection is shown as dispatch_failed."""
    slack.deliver_over_http("http://127.0.0.1:9/")
    assert (await here.alice.type("/call", here.calls)).problem == "dispatch_failed"


async def test_socket_mode_can_be_returned_to(slack, here, bolt):
    """After deliver_over_socket_mode payloads come through the socket again."""
    bolt.on(bolt.app.command("/call"))
    slack.deliver_over_http("http://127.0.0.1:9/")
    slack.deliver_over_socket_mode()
    assert (await here.alice.type("/call", here.calls)).ok


async def test_the_web_api_of_bolts_server_is_not_ours(served):
    """A request without any signature is refused by Bolt."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(served.url, data={"command": "/x"}) as response,
    ):
        assert response.status == 401
