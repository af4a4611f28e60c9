"""auth.test and apps.connections.open."""

from __future__ import annotations

from sandbox.slack.args import Args
from sandbox.slack.method import TIER_3, Answer, App, Method


def auth_test(app: App, args: Args) -> Answer:
    """Tell the token who it is."""
    workspace = app.workspace
    return {
        "url": f"{workspace.base_url}/",
        "team": workspace.domain,
        "user": workspace.users[workspace.bot_user_id].handle,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(app: App, args: Args) -> Answer:
    """Hand out an address that opens one WebSocket, once."""
    host = app.workspace.base_url.removeprefix("http")
    return {"url": f"ws{host}/link?ticket={app.workspace.tickets.issue()}&app_id={app.workspace.app_id}"}


METHODS = [
    Method("auth.test", auth_test),
    Method("apps.connections.open", connections_open, per_minute=TIER_3, caller="app"),
]
