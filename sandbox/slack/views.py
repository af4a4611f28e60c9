"""The views people have open: a stack of modals each, and a Home tab each."""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import Any

from sandbox.changes import Changes
from sandbox.slack.block_kit.surfaces import checked_view
from sandbox.slack.errors import ApiError
from sandbox.slack.form import state_of
from sandbox.slack.ids import Ids, Stamps
from sandbox.slack.model import View

MAX_STACK = 3


class Views:
    """All views. What a person typed stays through an update where block_id and action_id stay."""

    def __init__(self, ids: Ids, stamps: Stamps, changes: Changes) -> None:
        self._ids, self._stamps, self._changes = ids, stamps, changes
        self._stacks: dict[str, list[View]] = defaultdict(list)
        self._homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        """The modals this person has open; the last is on top."""
        return list(self._stacks[user])

    def home(self, user: str) -> View | None:
        """The Home tab published for this person."""
        return self._homes.get(user)

    def open(self, user: str, spec: object) -> View:
        """Show a modal alone: one that the person had open before is gone."""
        checked = self._checked(spec)
        self._close_all(self._stacks[user])
        return self._show(user, checked)

    def push(self, user: str, spec: object) -> View:
        """Show a modal on top of the open ones."""
        checked = self._checked(spec)
        if not self._stacks[user]:
            raise ApiError("not_found")
        if len(self._stacks[user]) >= MAX_STACK:
            raise ApiError("push_limit_reached")
        return self._show(user, checked)

    def update(self, view: View, spec: object, hash_: str | None = None) -> View:
        """Show something else in an open view; ApiError `hash_conflict` when it changed in between."""
        if hash_ is not None and hash_ != view.hash:
            raise ApiError("hash_conflict")
        checked = self._checked(spec, besides=view)
        view.spec, view.hash, view.errors, view.trouble = checked, self._hash(), {}, ""
        view.earlier = view.state
        view.state = state_of(checked["blocks"], typed=view.state)
        self._tell("view_updated", view)
        return view

    def publish(self, user: str, spec: object, hash_: str | None = None) -> View:
        """Show a Home tab to this person."""
        checked, earlier = checked_view(spec, "home"), self._homes.get(user)
        if earlier is not None and hash_ is not None and hash_ != earlier.hash:
            raise ApiError("hash_conflict")
        view = self._made(user, checked, [])
        if earlier is not None:
            view.id = view.root = earlier.id
        self._homes[user] = view
        self._tell("home_published", view)
        return view

    def find(self, view_id: str | None, external_id: str | None) -> View:
        """Return the view that is open under this id or external id; ApiError `not_found` otherwise."""
        for view in self._open():
            if view.id == view_id or (external_id and view.spec.get("external_id") == external_id):
                return view
        raise ApiError("not_found")

    def close(self, view: View) -> None:
        """Take the view, and those on top of it, off the person's screen."""
        stack = self._stacks[view.user]
        if view in stack:
            above = stack[stack.index(view) :]
            del stack[stack.index(view) :]
            self._close_all(above)

    def close_stack(self, user: str) -> None:
        """Take all modals off the person's screen."""
        self._close_all(self._stacks[user])

    def changed(self, view: View) -> None:
        """Tell that what the person sees in this view changed: typed text, errors."""
        self._tell("view_touched", view)

    def _open(self) -> list[View]:
        modals = [view for stack in self._stacks.values() for view in stack]
        return modals + list(self._homes.values())

    def _checked(self, spec: object, besides: View | None = None) -> dict[str, Any]:
        checked = checked_view(spec, besides.spec["type"] if besides is not None else "modal")
        external = checked.get("external_id")
        if external and any(v.spec.get("external_id") == external for v in self._open() if v is not besides):
            raise ApiError("duplicate_external_id")
        return checked

    def _show(self, user: str, spec: dict[str, Any]) -> View:
        view = self._made(user, spec, self._stacks[user])
        self._stacks[user].append(view)
        self._tell("view_opened", view)
        return view

    def _made(self, user: str, spec: dict[str, Any], below: list[View]) -> View:
        view_id = self._ids.make("V")
        return View(
            id=view_id,
            user=user,
            spec=spec,
            hash=self._hash(),
            root=below[0].id if below else view_id,
            previous=below[-1].id if below else None,
            state=state_of(spec["blocks"]),
        )

    def _hash(self) -> str:
        return f"{self._stamps.next().split('.')[0]}.{secrets.token_hex(4)}"

    def _close_all(self, views: list[View]) -> None:
        for view in views:
            view.closed = True
            self._tell("view_closed", view)
        views.clear()

    def _tell(self, kind: str, view: View) -> None:
        self._changes.tell(kind, view=view.id, user=view.user, errors=dict(view.errors), spec=view.spec)
