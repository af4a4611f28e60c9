"""conversations.*: what a conversation is, who is in it, and opening direct messages."""

from __future__ import annotations

from sandbox.slack.args import Args
from sandbox.slack.errors import ApiError
from sandbox.slack.method import TIER_2, TIER_3, TIER_4, Answer, App, Method
from sandbox.slack.methods.paging import page
from sandbox.slack.model import Channel
from sandbox.slack.objects import channel_object, message_object

READ = ("channels:read", "groups:read", "im:read")
HISTORY = ("channels:history", "groups:history", "im:history")
WRITE = ("im:write", "mpim:write", "channels:manage", "groups:write")


def info(app: App, args: Args) -> Answer:
    """Tell what a conversation is."""
    channel = _readable(app, args, "read")
    return {"channel": channel_object(app.workspace, channel, args.flag("include_num_members"))}


def members(app: App, args: Args) -> Answer:
    """List who is in a conversation, a page at a time."""
    ids, cursor = page(_readable(app, args, "read").members, args)
    return {"members": ids, "response_metadata": {"next_cursor": cursor}}


def listed(app: App, args: Args) -> Answer:
    """List the channels the bot can know of, a page at a time."""
    kinds = (args.text("types") or "public_channel").split(",")
    known = [c.id for c in app.workspace.channels.values() if _type(c) in kinds and _known(app, c)]
    ids, cursor = page(known, args)
    channels = [channel_object(app.workspace, app.workspace.channels[id_]) for id_ in ids]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def opened(app: App, args: Args) -> Answer:
    """Open the direct message with one person."""
    users = (args.text("users") or "").split(",")
    if users == [""]:
        raise ApiError("users_list_not_supplied")
    if len(users) > 1:
        raise ApiError("method_not_supported_for_channel_type")
    app.require_scope("im:write")
    person = app.workspace.users.get(users[0])
    if person is None:
        raise ApiError("user_not_found")
    if person.deactivated:
        raise ApiError("user_disabled")
    channel = app.workspace.direct_message(app.workspace.bot_user_id, person.id)
    brief = {"id": channel.id}
    return {"channel": channel_object(app.workspace, channel) if args.flag("return_im") else brief}


def replies(app: App, args: Args) -> Answer:
    """Return a thread, the parent first."""
    channel, ts = _readable(app, args, "history"), args.required("ts")
    parent = app.workspace.messages.find(channel.id, ts)
    if parent is None:
        raise ApiError("thread_not_found")
    thread = {m.ts: m for m in [parent, *app.workspace.messages.replies(channel.id, ts)]}
    stamps, cursor = page(list(thread), args)
    messages = [message_object(app.workspace, thread[stamp]) for stamp in stamps]
    return {"messages": messages, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def history(app: App, args: Args) -> Answer:
    """Return the messages of a channel, the newest first."""
    channel = _readable(app, args, "history")
    if not app.is_member(channel):
        raise ApiError("not_in_channel")
    shelf = {message.ts: message for message in app.workspace.messages.top_level(channel.id)}
    oldest = args.text("oldest") or "0"
    stamps, cursor = page([ts for ts in reversed(shelf) if float(ts) > float(oldest)], args)
    messages = [message_object(app.workspace, shelf[stamp]) for stamp in stamps]
    return {"messages": messages, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def _readable(app: App, args: Args, permission: str) -> Channel:
    channel = app.channel(args.required("channel"))
    kind = "im" if channel.im else "groups" if channel.private else "channels"
    app.require_scope(f"{kind}:{permission}")
    return channel


def _type(channel: Channel) -> str:
    return "im" if channel.im else "private_channel" if channel.private else "public_channel"


def _known(app: App, channel: Channel) -> bool:
    return app.is_member(channel) or app.is_public(channel)


METHODS = [
    Method("conversations.info", info, READ, TIER_3),
    Method("conversations.members", members, READ, TIER_4),
    Method("conversations.list", listed, READ, TIER_2),
    Method("conversations.open", opened, WRITE, TIER_3),
    Method("conversations.replies", replies, HISTORY, TIER_3),
    Method("conversations.history", history, HISTORY, TIER_3),
]
