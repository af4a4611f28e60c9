"""users.* and usergroups.*: who people are and which groups they are in."""

from __future__ import annotations

from sandbox.slack.args import Args
from sandbox.slack.errors import ApiError
from sandbox.slack.method import TIER_2, TIER_4, Answer, App, Method
from sandbox.slack.objects import user_object


def info(app: App, args: Args) -> Answer:
    """Tell everything about one person."""
    user = app.workspace.users.get(args.text("user") or "")
    if user is None:
        raise ApiError("user_not_found")
    return {"user": user_object(app.workspace, user, email="users:read.email" in app.scopes)}


def group_users(app: App, args: Args) -> Answer:
    """List who is in a user group. Deactivated people are not."""
    group = app.workspace.groups.get(args.text("usergroup") or "")
    if group is None:
        raise ApiError("no_such_subteam")
    users = app.workspace.users
    with_disabled = args.flag("include_disabled")
    return {"users": [user for user in group.members if with_disabled or not users[user].deactivated]}


METHODS = [
    Method("users.info", info, ("users:read",), TIER_4),
    Method("usergroups.users.list", group_users, ("usergroups:read",), TIER_2),
]
