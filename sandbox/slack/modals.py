"""One person's modals: filling in, submitting, closing, and what the app's answer does to them."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.slack import payloads
from sandbox.slack.block_kit.reading import all_controls
from sandbox.slack.block_kit.surfaces import checked_options
from sandbox.slack.delivery import Ack, Kind
from sandbox.slack.errors import ApiError, SlackRefuses
from sandbox.slack.form import SLOTS, chosen, entry_of, problems
from sandbox.slack.model import File, User, View
from sandbox.slack.objects import file_object
from sandbox.slack.workspace import Workspace

Send = Callable[[Kind, dict[str, Any]], Awaitable[Ack]]

TROUBLE = "We had some trouble connecting. Try again?"
DEFAULT_MIN_QUERY = 3


class Modals:
    """What one person does in modals."""

    def __init__(self, workspace: Workspace, user: User, send: Send) -> None:
        self._workspace, self._user, self._send = workspace, user, send

    def top(self) -> View:
        """The modal on top; SlackRefuses when none is open."""
        stack = self._workspace.views.stack(self._user.id)
        if not stack:
            raise SlackRefuses(f"{self._user.name} has no modal open")
        return stack[-1]

    def fill(self, view: View, values: dict[str, Any]) -> None:
        """Type values into the view, by block id."""
        for block_id, value in values.items():
            element = _fillable(view, block_id)
            if element["type"] == "file_input":
                files = value if isinstance(value, list) else [value]
                value = [self._file(file) for file in files]
            stored = chosen(element, value, view.suggested.get(block_id, []))
            view.state[block_id][element["action_id"]] = entry_of(element, stored)
        self._workspace.views.changed(view)

    async def submit(self, view: View, *, force: bool) -> Ack:
        """Press the submit button and show what the app answers."""
        if not force:
            self._check(view)
        view.errors, view.trouble = {}, ""
        ack = await self._send("interactive", payloads.view_submission(self._workspace, self._user, view))
        try:
            self._apply(view, ack)
        except ApiError as refusal:
            ack = dataclasses.replace(ack, ok=False, problem=f"{refusal.code} {refusal.extra}")
            view.trouble = TROUBLE
        self._workspace.views.changed(view)
        return ack

    async def close(self, view: View, *, whole_stack: bool) -> Ack | None:
        """Close the view, or everything; returns the acknowledgement when the app wanted to know."""
        cleared = whole_stack or bool(view.spec.get("clear_on_close"))
        payload = payloads.view_closed(self._workspace, self._user, view, cleared)
        if cleared:
            self._workspace.views.close_stack(self._user.id)
        else:
            self._workspace.views.close(view)
        return await self._send("interactive", payload) if view.spec.get("notify_on_close") else None

    async def suggest(self, view: View, block_id: str, query: str) -> list[dict[str, Any]]:
        """Type into an external select and return the options that the app suggests."""
        element = _fillable(view, block_id)
        if len(query) < element.get("min_query_length", DEFAULT_MIN_QUERY):
            raise SlackRefuses("Slack asks the app only when more characters are typed")
        ids = (block_id, element["action_id"], query)
        payload = payloads.block_suggestion(self._workspace, self._user, view, *ids)
        ack = await self._send("interactive", payload)
        view.suggested[block_id] = checked_options(ack.payload) if ack.ok and ack.payload else []
        return view.suggested[block_id]

    def _check(self, view: View) -> None:
        if view.closed:
            raise SlackRefuses("this modal is closed")
        if "submit" not in view.spec or view.spec.get("submit_disabled"):
            raise SlackRefuses("this modal cannot be submitted")
        found = problems(view.blocks, view.state)
        if found:
            raise SlackRefuses(f"Slack itself shows: {found}")

    def _apply(self, view: View, ack: Ack) -> None:
        body = ack.payload or {}
        views = self._workspace.views
        match body.get("response_action"):
            case _ if not ack.ok:
                view.trouble = TROUBLE
            case None if not body:
                views.close(view)
            case "errors":
                view.errors = _checked_errors(view, body.get("errors"))
            case "update":
                views.update(view, body.get("view"))
            case "push":
                views.push(self._user.id, body.get("view"))
            case "clear":
                views.close_stack(self._user.id)
            case other:
                raise ApiError("invalid_response_action", response_action=other)

    def _file(self, file: File) -> dict[str, Any]:
        return file_object(self._workspace, file)


def _fillable(view: View, block_id: str) -> dict[str, Any]:
    for block, element in all_controls(view.blocks):
        if block["block_id"] == block_id and element["type"] in SLOTS:
            return element
    raise SlackRefuses(f"there is nothing to fill in at {block_id!r}, only at {list(view.state)}")


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise ApiError("invalid_errors", errors=errors, input_blocks=sorted(inputs))
    return errors
