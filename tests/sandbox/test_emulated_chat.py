"""Messages: posting, editing, deleting, threads, and where the bot may not."""

import pytest

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Card*"}}
BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}


async def test_a_posted_message_is_seen_by_the_channel(here, client):
    """What the bot posts is what members read, with block ids filled in by Slack."""
    answer = await client.chat_postMessage(channel=here.calls.id, text="Card", blocks=[SECTION])
    [seen] = here.bob.sees(here.calls)
    assert (seen.ts, seen.text, seen.plain) == (answer["ts"], "Card", "*Card*")
    assert answer["message"]["blocks"][0]["block_id"]


async def test_timestamps_never_repeat_while_the_clock_stands(here, client):
    """Messages of one moment still get different, rising timestamps."""
    stamps = [(await client.chat_postMessage(channel=here.calls.id, text="x"))["ts"] for _ in range(3)]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize(("extra", "kept"), [(0, 40_000), (1, 40_000)])
async def test_long_text_is_cut_at_40000(here, client, extra, kept):
    """Posting cuts text silently where Slack does."""
    await client.chat_postMessage(channel=here.calls.id, text="x" * (40_000 + extra))
    assert len(here.bob.sees(here.calls)[0].text) == kept


async def test_a_message_needs_text_or_blocks(here, client, error_of):
    """A message without content is refused as no_text."""
    assert await error_of(client.api_call("chat.postMessage", json={"channel": here.calls.id})) == "no_text"


async def test_posting_where_the_bot_is_not(slack, here, client, error_of):
    """Public channels answer not_in_channel, private ones and foreign direct messages channel_not_found."""
    public = slack.add_channel("public", [here.alice], bot_is_member=False)
    private = slack.add_channel("private", [here.alice], private=True, bot_is_member=False)
    direct = slack.add_direct_message(here.alice, here.bob)
    expected = {public.id: "not_in_channel", private.id: "channel_not_found", direct.id: "channel_not_found"}
    for channel, code in (expected | {"C0NOWHERE": "channel_not_found"}).items():
        assert await error_of(client.chat_postMessage(channel=channel, text="x")) == code


async def test_chat_write_public_opens_public_channels(slack, here, client):
    """With chat:write.public the bot posts in a public channel it is not in."""
    public = slack.add_channel("public", [here.alice], bot_is_member=False)
    slack.grant({"chat:write", "chat:write.public"})
    assert (await client.chat_postMessage(channel=public.id, text="x"))["ok"]


async def test_archived_channels_refuse_posts(slack, here, client, error_of):
    """An archived channel answers is_archived."""
    old = slack.add_channel("old", [here.alice], archived=True)
    assert await error_of(client.chat_postMessage(channel=old.id, text="x")) == "is_archived"


async def test_a_channel_can_be_named(here, client):
    """A channel's name works in place of its id."""
    assert (await client.chat_postMessage(channel="#calls", text="x"))["channel"] == here.calls.id


async def test_posting_to_a_person_opens_their_direct_message(slack, here, client, error_of):
    """A user id as channel posts to that person alone, and not to a deactivated one."""
    answer = await client.chat_postMessage(channel=here.alice.id, text="hello")
    assert answer["channel"] == slack.app_home_dm(here.alice).id
    assert [message.text for message in here.alice.direct_messages()] == ["hello"]
    assert here.bob.sees(slack.app_home_dm(here.alice)) == []
    gone = slack.add_person("Gone", deactivated=True)
    assert await error_of(client.chat_postMessage(channel=gone.id, text="x")) == "channel_not_found"


async def test_replies_go_to_the_thread(here, client):
    """A reply is in the thread and not in the channel."""
    parent = await client.chat_postMessage(channel=here.calls.id, text="parent")
    await client.chat_postMessage(channel=here.calls.id, text="reply", thread_ts=parent["ts"])
    [seen] = here.bob.sees(here.calls)
    assert [reply.text for reply in here.bob.thread(seen)] == ["reply"]


async def test_a_thread_hangs_on_a_parent(here, client, error_of):
    """Neither a timestamp of nothing nor that of a reply can be replied to."""
    post = client.chat_postMessage
    parent = await post(channel=here.calls.id, text="parent")
    reply = await post(channel=here.calls.id, text="reply", thread_ts=parent["ts"])
    nothing = post(channel=here.calls.id, text="x", thread_ts="1.000001")
    assert await error_of(nothing) == "thread_not_found"
    on_reply = post(channel=here.calls.id, text="x", thread_ts=reply["ts"])
    assert await error_of(on_reply) == "cannot_reply_to_message"


async def test_an_update_without_blocks_removes_them(here, client):
    """chat.update with text alone leaves no block behind, and the earlier version is remembered."""
    card = await client.chat_postMessage(
        channel=here.calls.id, text="card", blocks=[{"type": "actions", "elements": [BUTTON]}]
    )
    await client.chat_update(channel=here.calls.id, ts=card["ts"], text="done")
    [seen] = here.bob.sees(here.calls)
    assert (seen.plain, seen.buttons, seen.edited) == ("done", [], True)
    assert [version.buttons for version in seen.edits] == [["go"]]


async def test_an_update_with_blocks_is_not_marked_as_edited(here, client):
    """With blocks there is no "edited" mark."""
    card = await client.chat_postMessage(channel=here.calls.id, text="card")
    await client.chat_update(channel=here.calls.id, ts=card["ts"], text="new", blocks=[SECTION])
    assert not here.bob.sees(here.calls)[0].edited


async def test_updates_have_a_shorter_limit(here, client, error_of):
    """4,000 characters can be edited in, one more is msg_too_long."""
    card = await client.chat_postMessage(channel=here.calls.id, text="card")
    where = {"channel": here.calls.id, "ts": card["ts"]}
    assert (await client.chat_update(**where, text="x" * 4000))["ok"]
    assert await error_of(client.chat_update(**where, text="x" * 4001)) == "msg_too_long"


async def test_only_own_messages_can_be_changed(here, client, error_of):
    """Somebody else's message cannot be updated or deleted, and a missing one is not found."""
    hers = here.alice.say("mine", here.calls)
    where = {"channel": here.calls.id, "ts": hers.ts}
    assert await error_of(client.chat_update(**where, text="x")) == "cant_update_message"
    assert await error_of(client.chat_delete(**where)) == "cant_delete_message"
    missing = client.chat_update(channel=here.calls.id, ts="1.000001", text="x")
    assert await error_of(missing) == "message_not_found"


async def test_a_deleted_parent_leaves_a_tombstone(here, client):
    """A message without replies goes; one with replies stays as a tombstone."""
    first = await client.chat_postMessage(channel=here.calls.id, text="first")
    second = await client.chat_postMessage(channel=here.calls.id, text="second")
    await client.chat_postMessage(channel=here.calls.id, text="reply", thread_ts=second["ts"])
    for message in (first, second):
        await client.chat_delete(channel=here.calls.id, ts=message["ts"])
    assert [message.text for message in here.bob.sees(here.calls)] == ["This message was deleted."]


async def test_an_ephemeral_message_is_for_one_member(here, client, error_of):
    """One person hears it; it cannot be updated; and who is not a member cannot be told."""
    told = await client.chat_postEphemeral(channel=here.calls.id, user=here.bob.id, text="psst")
    assert [message.text for message in here.bob.hears(here.calls)] == ["psst"]
    assert here.alice.sees(here.calls) == []
    outside = client.chat_postEphemeral(channel=here.calls.id, user=here.carol.id, text="x")
    assert await error_of(outside) == "user_not_in_channel"
    update = client.chat_update(channel=here.calls.id, ts=told["message_ts"], text="x")
    assert await error_of(update) == "message_not_found"


async def test_a_permalink_points_at_channel_and_message(here, client):
    """The link of a reply names its thread too."""
    parent = await client.chat_postMessage(channel=here.calls.id, text="parent")
    reply = await client.chat_postMessage(channel=here.calls.id, text="reply", thread_ts=parent["ts"])
    link = (await client.chat_getPermalink(channel=here.calls.id, message_ts=reply["ts"]))["permalink"]
    assert f"/archives/{here.calls.id}/p" in link and f"thread_ts={parent['ts']}" in link


async def test_metadata_has_a_type_and_a_payload(here, client, error_of):
    """Metadata comes back with the message, and only in its right shape."""
    good = {"event_type": "call", "event_payload": {"id": "1"}}
    posted = await client.chat_postMessage(channel=here.calls.id, text="x", metadata=good)
    assert posted["message"]["metadata"] == good
    bad = client.chat_postMessage(channel=here.calls.id, text="x", metadata={"id": "1"})
    assert await error_of(bad) == "invalid_metadata_schema"
