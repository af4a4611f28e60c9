"""Response URLs: five uses in half an hour, and what they can do."""

import aiohttp
import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.slack import faults

from .conftest import plain

BUTTONS = [
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "go", "text": plain("Go"), "value": "1"}],
    }
]


@pytest.fixture
async def hook(here, bolt):
    """The response URL of a command of Alice's."""
    bolt.on(bolt.app.command("/call"))
    await here.alice.type("/call", here.calls)
    return AsyncWebhookClient(bolt.body["response_url"], retry_handlers=[])


@pytest.fixture
async def click_hook(here, bolt, client):
    """The response URL of Bob's click on a message with a button."""
    bolt.on(bolt.app.action("go"))
    await client.chat_postMessage(channel=here.calls.id, text="card", blocks=BUTTONS)
    await here.bob.click(here.bob.sees(here.calls)[0], "go")
    return AsyncWebhookClient(bolt.body["response_url"], retry_handlers=[])


async def test_five_uses_then_404(here, hook):
    """The sixth answer is refused."""
    statuses = [(await hook.send(text=str(number))).status_code for number in range(6)]
    assert statuses == [200] * 5 + [404]
    assert len(here.alice.hears(here.calls)) == 5


@pytest.mark.parametrize(("seconds", "status"), [(1800, 200), (1801, 404)])
async def test_half_an_hour_then_404(clock, hook, seconds, status):
    """After thirty minutes the URL is dead."""
    clock.forward(seconds)
    assert (await hook.send(text="x")).status_code == status


async def test_answers_are_for_the_person_unless_said_otherwise(here, hook):
    """Ephemeral by default, for everybody with in_channel, also where the bot is not a member."""
    await hook.send(text="hidden")
    await hook.send(text="open", response_type="in_channel")
    assert [message.text for message in here.bob.sees(here.calls)] == ["open"]
    assert [message.text for message in here.alice.sees(here.calls)] == ["hidden", "open"]


async def test_a_direct_message_of_others_can_be_answered(slack, here, bolt):
    """In a direct message between people the bot cannot post, but its response URL works."""
    bolt.on(bolt.app.command("/call"))
    direct = slack.add_direct_message(here.alice, here.bob)
    await here.alice.type("/call", direct)
    assert bolt.body["channel_name"] == "directmessage"
    answer = await AsyncWebhookClient(bolt.body["response_url"]).send(text="not here")
    assert answer.body == "ok" and here.alice.hears(direct)[0].text == "not here"


async def test_the_original_can_be_replaced_and_deleted(here, click_hook):
    """replace_original edits the message that was clicked, delete_original removes it."""
    await click_hook.send(text="done", replace_original=True)
    [message] = here.bob.sees(here.calls)
    assert (message.text, message.buttons) == ("done", [])
    await click_hook.send(delete_original=True)
    assert here.bob.sees(here.calls) == []


async def test_an_ephemeral_original_can_be_replaced(here, bolt, client):
    """What only one person sees is replaced for that person."""
    bolt.on(bolt.app.action("go"))
    await client.chat_postEphemeral(channel=here.calls.id, user=here.bob.id, text="x", blocks=BUTTONS)
    await here.bob.click(here.bob.hears(here.calls)[0], "go")
    await AsyncWebhookClient(bolt.body["response_url"]).send(text="done", replace_original=True)
    assert [message.text for message in here.bob.hears(here.calls)] == ["done"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"response_type": "ephemeral"}, "no_text"),
        ({"text": "x", "blocks": [{"type": "no"}]}, "invalid_blocks"),
    ],
)
async def test_bad_content_is_refused(hook, body, code):
    """What cannot be shown is answered 400 with the reason."""
    answer = await hook.send_dict(body)
    assert answer.status_code == 400 and code in answer.body


async def test_an_unknown_url_is_404(slack):
    """A made-up response URL is dead from the start."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.url}/actions/T1/x", json={}) as answer,
    ):
        assert answer.status == 404


async def test_response_urls_can_misbehave(slack, here, hook):
    """Faults can be shown at response URLs too."""
    slack.faults.add("response_url", faults.http_error(500))
    assert (await hook.send(text="x")).status_code == 500
    assert here.alice.hears(here.calls) == []
