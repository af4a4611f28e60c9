"""conversations.*: what a conversation is, and who is in it."""

from __future__ import annotations

from sandbox.slack.args import Args
from sandbox.slack.method import TIER_3, TIER_4, Answer, App, Method
from sandbox.slack.methods.paging import page
from sandbox.slack.model import Channel
from sandbox.slack.objects import channel_object

READ = ("channels:read", "groups:read", "im:read")


def info(app: App, args: Args) -> Answer:
    """Tell what a conversation is."""
    channel = _readable(app, args)
    return {"channel": channel_object(app.workspace, channel, args.flag("include_num_members"))}


def members(app: App, args: Args) -> Answer:
    """List who is in a conversation, a page at a time."""
    ids, cursor = page(_readable(app, args).members, args)
    return {"members": ids, "response_metadata": {"next_cursor": cursor}}


def _readable(app: App, args: Args) -> Channel:
    channel = app.channel(args.required("channel"))
    kind = "im" if channel.im else "groups" if channel.private else "channels"
    app.require_scope(f"{kind}:read")
    return channel


METHODS = [
    Method("conversations.info", info, READ, TIER_3),
    Method("conversations.members", members, READ, TIER_4),
]
