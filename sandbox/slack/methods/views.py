"""views.*: open, push, update and publish."""

from __future__ import annotations

from typing import Any

from sandbox.slack.args import Args
from sandbox.slack.errors import ApiError, invalid_arguments
from sandbox.slack.method import TIER_4, Answer, App, Method
from sandbox.slack.objects import view_object


def open_view(app: App, args: Args) -> Answer:
    """Show a modal to whoever the trigger id belongs to."""
    spec, user = _spec(args), _exchange(app, args)
    return {"view": view_object(app.workspace, app.workspace.views.open(user, spec))}


def push(app: App, args: Args) -> Answer:
    """Show a modal on top of the open ones."""
    spec, user = _spec(args), _exchange(app, args)
    return {"view": view_object(app.workspace, app.workspace.views.push(user, spec))}


def update(app: App, args: Args) -> Answer:
    """Show something else in an open modal."""
    view = app.workspace.views.find(args.text("view_id"), args.text("external_id"))
    updated = app.workspace.views.update(view, _spec(args), args.text("hash"))
    return {"view": view_object(app.workspace, updated)}


def publish(app: App, args: Args) -> Answer:
    """Show a Home tab to a person."""
    user = args.required("user_id")
    if user not in app.workspace.users:
        raise ApiError("user_not_found")
    view = app.workspace.views.publish(user, _spec(args), args.text("hash"))
    return {"view": view_object(app.workspace, view)}


def _exchange(app: App, args: Args) -> str:
    trigger = args.text("trigger_id") or args.text("interactivity_pointer")
    if trigger is None:
        raise invalid_arguments("missing required field: trigger_id")
    return app.workspace.triggers.exchange(trigger)


def _spec(args: Args) -> Any:
    spec = args.structure("view", "invalid_arguments")
    if spec is None:
        raise invalid_arguments("missing required field: view")
    return spec


METHODS = [
    Method("views.open", open_view, per_minute=TIER_4),
    Method("views.push", push, per_minute=TIER_4),
    Method("views.update", update, per_minute=TIER_4),
    Method("views.publish", publish, per_minute=TIER_4),
]
