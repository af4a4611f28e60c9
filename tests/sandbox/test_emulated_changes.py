"""Waiting for something to happen, being told of changes, and many messages."""

import asyncio
import time

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import SLACKBOT


async def test_until_returns_what_the_predicate_found(here, slack, client):
    """Waiting ends as soon as the message is there."""
    waiting = asyncio.create_task(slack.until(lambda: here.bob.sees(here.calls)))
    await asyncio.sleep(0)
    await client.chat_postMessage(channel=here.calls.id, text="there")
    assert [message.text for message in await waiting] == ["there"]


async def test_until_also_notices_what_is_not_slacks(slack):
    """A predicate over other things is asked again from time to time."""
    soon = time.monotonic() + 0.1
    await slack.until(lambda: time.monotonic() > soon, timeout=1)


async def test_until_gives_up_with_a_picture_of_the_workspace(here, slack, client):
    """The error shows messages, private ones, modals and the latest calls."""
    await client.chat_postMessage(channel=here.calls.id, text="a card")
    slack.workspace.post(here.calls.id, SLACKBOT, "psst", ephemeral_to=here.bob.id)
    with pytest.raises(AssertionError) as failure:
        await slack.until(lambda: False, timeout=0.05)
    assert all(part in str(failure.value) for part in ("#calls", "a card", "psst", "chat.postMessage -> ok"))


async def test_listeners_hear_of_changes_until_they_stop(here, slack, client):
    """A function or a queue gets every change; after unsubscribing it gets none."""
    heard, queue = [], asyncio.Queue()
    stop = slack.subscribe(heard.append)
    slack.subscribe(queue)
    await client.chat_postMessage(channel=here.calls.id, text="x")
    stop()
    here.alice.say("y", here.calls)
    assert [change.kind for change in heard] == ["message_posted", "api_call"]
    assert queue.qsize() == 3 and slack.events[-1].kind == "message_posted"


async def test_thousands_of_messages_take_no_longer_each(here, slack):
    """Posting and finding among thousands of messages stays quick."""
    slack.limits.enforced = False
    started = time.monotonic()
    parents = [here.alice.say(str(number), here.calls) for number in range(5000)]
    for parent in parents:
        here.bob.say("reply", here.calls, parent)
    assert all(len(here.bob.thread(parent)) == 1 for parent in parents)
    assert len(here.bob.sees(here.calls)) == 5000
    assert time.monotonic() - started < 5


async def test_two_emulators_do_not_share_anything(slack, here):
    """Another emulator has its own tokens and people."""
    other = type(slack)()
    await other.start()
    assert other.bot_token != slack.bot_token and len(other.workspace.users) == 2
    with pytest.raises(Exception, match="invalid_auth"):
        await AsyncWebClient(token=slack.bot_token, base_url=other.api_url).auth_test()
    await other.stop()
