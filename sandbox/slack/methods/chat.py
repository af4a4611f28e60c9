"""chat.*: post, update, delete, and link to messages."""

from __future__ import annotations

from typing import Any

from sandbox.slack.args import Args
from sandbox.slack.block_kit.surfaces import checked_message_blocks
from sandbox.slack.errors import ApiError
from sandbox.slack.method import TIER_3, TIER_4, Answer, App, Method
from sandbox.slack.model import Block, Channel, Message
from sandbox.slack.objects import message_object

MAX_POSTED_TEXT = 40_000
MAX_UPDATED_TEXT = 4_000


def post_message(app: App, args: Args) -> Answer:
    """Post a message, to a channel or to a person's direct messages."""
    channel = _channel_to_post_in(app, args.required("channel"))
    text, blocks = _content(args)
    thread_ts = _thread(app, channel, args)
    message = app.workspace.post(
        channel.id, app.workspace.bot_user_id, text[:MAX_POSTED_TEXT], blocks, thread_ts=thread_ts
    )
    message.metadata = _metadata(args)
    return {"channel": channel.id, "ts": message.ts, "message": message_object(app.workspace, message)}


def post_ephemeral(app: App, args: Args) -> Answer:
    """Show a message to one member of a channel."""
    channel = _channel_to_post_in(app, args.required("channel"))
    user = args.required("user")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    text, blocks = _content(args)
    if len(text) > MAX_POSTED_TEXT:
        raise ApiError("msg_too_long")
    thread_ts = _thread(app, channel, args)
    message = app.workspace.post(
        channel.id, app.workspace.bot_user_id, text, blocks, thread_ts=thread_ts, ephemeral_to=user
    )
    return {"message_ts": message.ts}


def update(app: App, args: Args) -> Answer:
    """Replace the text and the blocks of an own message."""
    channel = app.channel(args.required("channel"))
    message = _own(app, channel, args.required("ts"), "cant_update_message")
    text, blocks = _content(args)
    if len(text) > MAX_UPDATED_TEXT:
        raise ApiError("msg_too_long")
    if channel.archived:
        raise ApiError("is_inactive")
    if channel.restricted:
        raise ApiError("posting_to_channel_denied")
    message.edited = not blocks
    message.metadata = _metadata(args) or message.metadata
    app.workspace.messages.edit(message, text, blocks)
    shown = message_object(app.workspace, message)
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": shown}


def delete(app: App, args: Args) -> Answer:
    """Delete an own message."""
    channel = app.channel(args.required("channel"))
    message = _own(app, channel, args.required("ts"), "cant_delete_message")
    app.workspace.messages.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(app: App, args: Args) -> Answer:
    """Link to a message."""
    channel = app.channel(args.required("channel"))
    message = _found(app, channel, args.required("message_ts"))
    link = f"{app.workspace.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _channel_to_post_in(app: App, target: str) -> Channel:
    if target in app.workspace.users:
        return _direct_message(app, target)
    named = (c.id for c in app.workspace.channels.values() if not c.im and c.name == target.removeprefix("#"))
    channel = app.channel(target if target in app.workspace.channels else next(named, target))
    if channel.archived:
        raise ApiError("is_archived")
    if not app.is_member(channel) and "chat:write.public" not in app.scopes:
        raise ApiError("not_in_channel")
    if channel.restricted:
        raise ApiError("restricted_action_read_only_channel")
    return channel


def _direct_message(app: App, user: str) -> Channel:
    person = app.workspace.users[user]
    if person.deactivated or person.bot:
        raise ApiError("channel_not_found")
    if not app.workspace.messages_tab:
        raise ApiError("messages_tab_disabled")
    return app.workspace.direct_message(app.workspace.bot_user_id, user)


def _content(args: Args) -> tuple[str, list[Block]]:
    text, blocks = args.text("text"), args.structure("blocks", "invalid_blocks_format")
    if text is None and not blocks:
        raise ApiError("no_text")
    return text or "", checked_message_blocks(blocks) if blocks else []


def _thread(app: App, channel: Channel, args: Args) -> str | None:
    # The real Slack is said to misplace replies to a reply or to nothing; refusing shows the mistake.
    thread_ts = args.text("thread_ts")
    if thread_ts is not None:
        parent = app.workspace.messages.find(channel.id, thread_ts)
        if parent is None:
            raise ApiError("thread_not_found")
        if parent.thread_ts is not None:
            raise ApiError("cannot_reply_to_message")
    return thread_ts


def _metadata(args: Args) -> dict[str, Any] | None:
    metadata = args.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise ApiError("invalid_metadata_schema")
    return metadata


def _found(app: App, channel: Channel, ts: str) -> Message:
    message = app.workspace.messages.find(channel.id, ts)
    if message is None or message.deleted:
        raise ApiError("message_not_found")
    return message


def _own(app: App, channel: Channel, ts: str, otherwise: str) -> Message:
    message = _found(app, channel, ts)
    if message.user != app.workspace.bot_user_id:
        raise ApiError(otherwise)
    return message


# Posting is limited per channel instead of by a tier: see rate_limits.
METHODS = [
    Method("chat.postMessage", post_message, ("chat:write",)),
    Method("chat.postEphemeral", post_ephemeral, ("chat:write",), TIER_4),
    Method("chat.update", update, ("chat:write",), TIER_3),
    Method("chat.delete", delete, ("chat:write",), TIER_3),
    Method("chat.getPermalink", get_permalink),
]
