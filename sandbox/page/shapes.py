"""What the page is told of messages, views and calls, as JSON."""

from __future__ import annotations

from typing import Any

from sandbox.polyai.calls import PlacedCall
from sandbox.polyai.server import Post
from sandbox.slack.form import value_in
from sandbox.slack.model import Channel, Message, View

Json = dict[str, Any]


def channel_shape(channel: Channel, bot: str) -> Json:
    """A conversation in the sidebar."""
    return {
        "id": channel.id,
        "name": channel.name,
        "im": channel.im,
        "private": channel.private,
        "members": len(channel.members),
        "has_bot": bot in channel.members,
    }


def message_shape(message: Message) -> Json:
    """A message as it looks now."""
    return {
        "channel": message.channel,
        "ts": message.ts,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "only_me": message.ephemeral_to is not None,
        "edited": message.edited,
        "deleted": message.deleted,
    }


def gone_shape(channel: str, ts: str) -> Json:
    """A message that is not there any more."""
    return {"channel": channel, "ts": ts, "gone": True}


def view_shape(view: View) -> Json:
    """A modal or Home tab, with what was typed and what is wrong with it."""
    return {
        "id": view.id,
        "title": view.title,
        "submit": _label(view, "submit"),
        "close": _label(view, "close"),
        "blocks": view.blocks,
        "values": {block_id: _value(entries) for block_id, entries in view.state.items()},
        "errors": view.errors,
        "trouble": view.trouble,
    }


def post_shape(number: int, post: Post) -> Json:
    """A request to place a call. The emulator never kept its token."""
    return {
        "number": number,
        "at": post.at,
        "headers": post.headers,
        "body": post.body.decode(errors="replace"),
        "answer_status": post.answer_status,
        "answer_body": (post.answer_body or b"").decode(errors="replace"),
        "call_sid": post.call_sid,
        "fault": post.fault,
    }


def call_shape(call: PlacedCall) -> Json:
    """A call that was placed, and how it goes."""
    return {
        "call_sid": call.call_sid,
        "to_number": call.to_number,
        "placed_at": call.placed_at,
        "status": call.status,
        "reason": call.reason,
        "lost": call.lost,
        "polls": len(call.polls),
    }


def _label(view: View, name: str) -> str:
    return str((view.spec.get(name) or {}).get("text", ""))


def _value(entries: dict[str, Json]) -> Any:
    # An input block has one element, and of other blocks' elements the page needs no value.
    return value_in(next(iter(entries.values())))
