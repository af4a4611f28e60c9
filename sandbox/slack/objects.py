"""The objects of the Web API: messages, views, people, conversations and files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.slack.model import Channel, File, Message, User, View
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]


def message_object(workspace: Workspace, message: Message) -> Json:
    """A message."""
    own = message.user == workspace.bot_user_id
    bot = {"bot_id": workspace.bot_id, "app_id": workspace.app_id} if own else {}
    replies = workspace.messages.replies(message.channel, message.ts)
    thread = {"thread_ts": message.ts, "reply_count": len(replies)} if replies else {}
    edited = {"user": message.user, "ts": message.ts}
    return {
        "user": message.user,
        "type": "message",
        "ts": message.ts,
        **bot,
        "text": message.text,
        "team": workspace.team_id,
        **({"blocks": message.blocks} if message.blocks else {}),
        **thread,
        **thread_of(message),
        **({"edited": edited} if message.edited else {}),
        **({"metadata": message.metadata} if message.metadata else {}),
        **({"subtype": "tombstone", "hidden": True} if message.deleted else {}),
    }


def view_object(workspace: Workspace, view: View) -> Json:
    """A view with what was typed into it."""
    defaults = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None, "submit": None}
    flags = {"clear_on_close": False, "notify_on_close": False}
    return {
        **defaults,
        **flags,
        **view.spec,
        "id": view.id,
        "team_id": workspace.team_id,
        "state": {"values": _state_sent(workspace, view)},
        "hash": view.hash,
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }


def _state_sent(workspace: Workspace, view: View) -> Json:
    # Slack is known to send an old state after an update, or none (bolt-js 625, 1073; bolt-python 572).
    match workspace.state_quirk:
        case "stale":
            return view.earlier
        case "none":
            return {}
    return view.state


def user_object(workspace: Workspace, user: User, *, email: bool = False) -> Json:
    """A person, as users.info tells it. Of deactivated people it tells less."""
    named = {"real_name": user.name, "display_name": user.name, "team": user.team_id}
    named |= {"email": f"{user.handle}@example.com"} if email and not user.bot else {}
    base = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.handle,
        "deleted": user.deactivated,
        "is_bot": user.bot,
        "is_app_user": False,
        "updated": int(workspace.now()),
        "profile": named,
    }
    return base if user.deactivated else base | _standing(workspace, user)


def _standing(workspace: Workspace, user: User) -> Json:
    zone = ZoneInfo(user.tz)
    offset = datetime.fromtimestamp(workspace.now(), zone).utcoffset()
    stranger = {"is_stranger": not _meets_the_bot(workspace, user)}
    return {
        "real_name": user.name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": bool(user.guest),
        "is_ultra_restricted": user.guest == "single_channel",
        **(stranger if user.team_id != workspace.team_id else {}),
    }


def _meets_the_bot(workspace: Workspace, user: User) -> bool:
    pair = {user.id, workspace.bot_user_id}
    return any(pair <= set(channel.members) for channel in workspace.channels.values() if not channel.im)


def channel_object(workspace: Workspace, channel: Channel, count_members: bool = False) -> Json:
    """A conversation."""
    base = {
        "id": channel.id,
        "created": channel.created,
        "is_im": channel.im,
        "is_archived": channel.archived,
        "is_org_shared": False,
        "context_team_id": workspace.team_id,
        **({"num_members": len(channel.members)} if count_members else {}),
    }
    if channel.im:
        other = [member for member in channel.members if member != workspace.bot_user_id]
        return base | {"user": other[0], "is_user_deleted": workspace.users[other[0]].deactivated}
    shared = workspace.is_shared(channel)
    return base | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_mpim": False,
        "is_private": channel.private,
        "is_general": False,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_pending_ext_shared": channel.shared == "pending",
        "is_member": workspace.bot_user_id in channel.members,
        "creator": channel.members[0] if channel.members else workspace.bot_user_id,
    }


def file_object(workspace: Workspace, file: File) -> Json:
    """A file."""
    address = f"{workspace.base_url}/files-pri/{workspace.team_id}-{file.id}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.name,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2].lower(),
        "user": file.user,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": f"{address}/{file.name}",
        "url_private_download": f"{address}/download/{file.name}",
        "permalink": f"{workspace.base_url}/files/{file.user}/{file.id}/{file.name}",
    }


def thread_of(message: Message) -> Json:
    """The key that only replies have."""
    return {"thread_ts": message.thread_ts} if message.thread_ts else {}
