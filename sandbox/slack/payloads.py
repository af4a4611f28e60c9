"""What Slack sends to the app when a person does something, in the shapes of real payloads."""

from __future__ import annotations

from typing import Any

from sandbox.slack.model import Channel, Message, User, View
from sandbox.slack.objects import message_object, thread_of, view_object
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]

VERIFICATION_TOKEN = "sandbox-verification"  # noqa: S105 - the deprecated token; it opens nothing


def slash_command(workspace: Workspace, user: User, channel: Channel, text: str) -> Json:
    """What `/command text` sends. All values are strings."""
    command, _, rest = text.partition(" ")
    secret = workspace.response_urls.issue(channel.id, user.id)
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": user.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": "privategroup" if channel.private else channel.name,
        "user_id": user.id,
        "user_name": user.handle,
        "command": command,
        "text": rest.strip(),
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": f"{workspace.base_url}/commands/{workspace.team_id}/{secret}",
        "trigger_id": workspace.triggers.issue(user.id),
    }


def message_action(workspace: Workspace, user: User, message: Message, action: Json, state: Json) -> Json:
    """What a click in a message sends."""
    hidden = message.ephemeral_to is not None
    secret = workspace.response_urls.issue(
        message.channel, user.id, message.ts, ephemeral=hidden, thread_ts=message.thread_ts
    )
    container = {
        "type": "message",
        "message_ts": message.ts,
        **thread_of(message),
        "channel_id": message.channel,
        "is_ephemeral": hidden,
    }
    channel = workspace.channels[message.channel]
    shown = {} if hidden else {"message": message_object(workspace, message)}
    return {
        "type": "block_actions",
        **_who(workspace, user),
        "container": container,
        "trigger_id": workspace.triggers.issue(user.id),
        "channel": {"id": channel.id, "name": "privategroup" if channel.private else channel.name},
        **shown,
        "state": {"values": state},
        "response_url": f"{workspace.base_url}/actions/{workspace.team_id}/{secret}",
        "actions": [action],
    }


def view_action(workspace: Workspace, user: User, view: View, action: Json) -> Json:
    """What a click in a modal or a Home tab sends."""
    return {
        "type": "block_actions",
        **_who(workspace, user),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": workspace.triggers.issue(user.id),
        "view": view_object(workspace, view),
        "actions": [action],
    }


def view_submission(workspace: Workspace, user: User, view: View) -> Json:
    """What the submit button of a modal sends."""
    return {
        "type": "view_submission",
        **_who(workspace, user),
        "trigger_id": workspace.triggers.issue(user.id),
        "view": view_object(workspace, view),
        "response_urls": [],
    }


def view_closed(workspace: Workspace, user: User, view: View, is_cleared: bool) -> Json:
    """What closing a modal with notify_on_close sends."""
    return {
        "type": "view_closed",
        **_who(workspace, user),
        "view": view_object(workspace, view),
        "is_cleared": is_cleared,
        "response_urls": [],
    }


def block_suggestion(
    workspace: Workspace, user: User, view: View, block_id: str, action_id: str, query: str
) -> Json:
    """What typing into an external select sends."""
    return {
        "type": "block_suggestion",
        **_who(workspace, user),
        "container": {"type": "view", "view_id": view.id},
        "action_id": action_id,
        "block_id": block_id,
        "value": query,
        "view": view_object(workspace, view),
    }


def shortcut(workspace: Workspace, user: User, callback_id: str, message: Message | None) -> Json:
    """What a global shortcut sends, or a message shortcut."""
    common = {
        **_who(workspace, user),
        "action_ts": workspace.stamps.next(),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.issue(user.id),
    }
    if message is None:
        return {"type": "shortcut", **common}
    channel = workspace.channels[message.channel]
    secret = workspace.response_urls.issue(message.channel, user.id, message.ts)
    return {
        "type": "message_action",
        **common,
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel.name},
        "message": message_object(workspace, message),
        "response_url": f"{workspace.base_url}/app/{workspace.team_id}/{secret}",
    }


def event(workspace: Workspace, body: Json) -> Json:
    """An event around this body, as the Events API sends it."""
    bot = {"enterprise_id": None, "team_id": workspace.team_id, "user_id": workspace.bot_user_id}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "api_app_id": workspace.app_id,
        "event": {**body, "event_ts": workspace.stamps.next()},
        "type": "event_callback",
        "event_id": workspace.ids.make("Ev"),
        "event_time": int(workspace.now()),
        "authorizations": [{**bot, "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }


def _who(workspace: Workspace, user: User) -> Json:
    # In a shared channel `team` is the workspace of the person, which may be another company's.
    return {
        "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": user.team_id},
        "api_app_id": workspace.app_id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": user.team_id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }
