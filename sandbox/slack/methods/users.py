"""users.* and usergroups.*: who people are and which groups they are in."""

from __future__ import annotations

from sandbox.slack.args import Args
from sandbox.slack.errors import ApiError
from sandbox.slack.method import TIER_2, TIER_4, Answer, App, Method
from sandbox.slack.methods.paging import page
from sandbox.slack.objects import user_object


def info(app: App, args: Args) -> Answer:
    """Tell everything about one person."""
    user = app.workspace.users.get(args.text("user") or "")
    if user is None:
        raise ApiError("user_not_found")
    return {"user": user_object(app.workspace, user, email="users:read.email" in app.scopes)}


def listed(app: App, args: Args) -> Answer:
    """Tell everything about everybody, a page at a time."""
    ids, cursor = page(list(app.workspace.users), args)
    with_email = "users:read.email" in app.scopes
    members = [user_object(app.workspace, app.workspace.users[user], email=with_email) for user in ids]
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def groups(app: App, args: Args) -> Answer:
    """List the user groups."""
    with_users = args.flag("include_users")
    found = [
        {"id": group.id, "team_id": app.workspace.team_id, "is_usergroup": True, "is_subteam": True}
        | {"name": group.handle, "handle": group.handle, "user_count": len(group.members)}
        | ({"users": list(group.members)} if with_users else {})
        for group in app.workspace.groups.values()
    ]
    return {"usergroups": found}


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
    Method("users.list", listed, ("users:read",), TIER_2),
    Method("usergroups.list", groups, ("usergroups:read",), TIER_2),
    Method("usergroups.users.list", group_users, ("usergroups:read",), TIER_2),
]
