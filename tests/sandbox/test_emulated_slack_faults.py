"""Misbehaviours of the Web API: what the client gets, and whether the work was done."""

import asyncio
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import faults

METHOD = "chat.postMessage"
LOST = (aiohttp.ClientError, ConnectionError)


@pytest.fixture
def client(slack):
    """A client that never tries again, so that one call is one request."""
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, timeout=1, retry_handlers=[])


@pytest.fixture
def post(here, client):
    return lambda: client.chat_postMessage(channel=here.calls.id, text="x")


@pytest.fixture
def done(here):
    """How many messages there are."""
    return lambda: len(here.alice.sees(here.calls))


async def test_rate_limited(slack, post, done):
    """429 with the Retry-After asked for, and nothing done."""
    slack.faults.add(METHOD, faults.rate_limited(30))
    with pytest.raises(SlackApiError) as refusal:
        await post()
    assert (refusal.value.response["error"], refusal.value.response.headers["Retry-After"]) == (
        "ratelimited",
        "30",
    )
    assert done() == 0 and (await post())["ok"]


async def test_an_outage_page(slack, post, done):
    """An HTML page with status 503, without an error code in it."""
    slack.faults.add(METHOD, faults.http_error(503))
    with pytest.raises(SlackApiError) as refusal:
        await post()
    assert (refusal.value.response.status_code, refusal.value.response["error"], done()) == (503, None, 0)


async def test_an_error_code(slack, post, done):
    """Any error code can be answered."""
    slack.faults.add(METHOD, faults.error("channel_not_found"))
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await post()
    assert done() == 0


async def test_garbage(slack, post, done):
    """Something that is not JSON, after the work was done."""
    slack.faults.add(METHOD, faults.garbage())
    with pytest.raises((SlackApiError, UnicodeDecodeError)):
        await post()
    assert done() == 1


@pytest.mark.parametrize(("fault", "messages"), [(faults.drop(), 0), (faults.lose_answer(), 1)])
async def test_lost_connections(slack, post, done, fault, messages):
    """The connection breaks, before the work or after it."""
    slack.faults.add(METHOD, fault)
    with pytest.raises(LOST):
        await post()
    assert done() == messages
    assert slack.log[-1].fault == fault.name


async def test_the_sdk_posts_twice_when_an_answer_is_lost(slack, here, done):
    """With its default retry the SDK sends the message again: the trap is reproduced."""
    slack.faults.add(METHOD, faults.lose_answer())
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    await client.chat_postMessage(channel=here.calls.id, text="x")
    assert done() == 2


@pytest.mark.parametrize(("fault", "messages"), [(faults.hang(), 0), (faults.late_answer(60), 1)])
async def test_silence(slack, here, done, fault, messages):
    """No answer comes before the client gives up, with nothing done or with everything done."""
    slack.faults.add(METHOD, fault)
    impatient = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, timeout=0.2, retry_handlers=[])
    with pytest.raises(TimeoutError):
        await impatient.chat_postMessage(channel=here.calls.id, text="x")
    assert done() == messages


async def test_delay(slack, post, done):
    """The work is done and answered, late."""
    slack.faults.add(METHOD, faults.delay(0.2))
    started = time.monotonic()
    await post()
    assert time.monotonic() - started >= 0.2 and done() == 1


async def test_faults_are_shown_in_order_and_as_often_as_asked(slack, post):
    """Twice the first, once the second, then honest; an endless one until it is cleared."""
    slack.faults.add(METHOD, faults.error("first"), times=2)
    slack.faults.add(METHOD, faults.error("second"))
    await asyncio.gather(*(post() for _ in range(4)), return_exceptions=True)
    assert [call.error for call in slack.log] == ["first", "first", "second", ""]
    slack.faults.add(METHOD, faults.error("endless"), times=None)
    for _ in range(3):
        with pytest.raises(SlackApiError, match="endless"):
            await post()
    slack.faults.clear(METHOD)
    slack.limits.enforced = False
    assert (await post())["ok"]


async def test_stopping_does_not_wait_for_what_hangs(slack, here, client):
    """stop() cuts off a request that hangs, and the emulator can be started again on its port."""
    slack.faults.add(METHOD, faults.hang())
    hanging = asyncio.create_task(client.chat_postMessage(channel=here.calls.id, text="x"))
    await slack.until(lambda: slack.log)
    port, started = int(slack.url.rpartition(":")[2]), time.monotonic()
    await slack.stop()
    assert time.monotonic() - started < 2
    with pytest.raises((*LOST, TimeoutError)):
        await hanging
    await slack.start(port)
    assert (await client.chat_postMessage(channel=here.calls.id, text="x"))["ok"]
