"""What one browser window has to be told: everything at first, and then only what changed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import Any

from sandbox.changes import Change
from sandbox.page.page_model import PageModel
from sandbox.page.shapes import call_shape, gone_shape, message_shape, post_shape, view_shape
from sandbox.slack.person import Person

Json = dict[str, Any]

# Calls go on by the clock alone, so they are looked at this often even when nothing was reported.
LOOK_AGAIN_SECONDS = 0.5
# Changes that come this close together go out as one patch.
TOGETHER_SECONDS = 0.02

_VIEWS = ("view_opened", "view_updated", "view_touched", "view_closed")
_MESSAGES = ("message_posted", "message_edited", "message_deleted")


class Feed:
    """The patches for one window, in which one person looks at the workspace."""

    def __init__(self, model: PageModel, person: Person) -> None:
        self._model, self._person = model, person
        self._messages: dict[tuple[str, str], None] = {}
        self._parts: dict[str, None] = {}
        self._told: dict[str, Json] = {}
        self._woken = asyncio.Event()

    async def patches(self) -> AsyncGenerator[Json]:
        """Everything, then what changed, whenever something did. An empty patch: nothing did for a while."""
        with contextlib.ExitStack() as subscribed:
            for subscribe in self._model.sources:
                subscribed.callback(subscribe(self._hear))
            yield self._everything()
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), LOOK_AGAIN_SECONDS)
                    await asyncio.sleep(TOGETHER_SECONDS)
                self._woken.clear()
                yield self._patch()

    def _hear(self, change: Change) -> None:
        data = change.data
        if change.kind in _MESSAGES and data["ephemeral_to"] in (None, self._person.id):
            self._messages[data["channel"], data["ts"]] = None
        elif change.kind in _VIEWS and data["user"] == self._person.id:
            self._parts["modals"] = None
        elif change.kind == "home_published" and data["user"] == self._person.id:
            self._parts["home"] = None
        elif change.kind in ("bot", "trouble"):
            self._parts[change.kind] = None
        self._woken.set()

    def _everything(self) -> Json:
        self._messages.clear()
        self._parts.clear()
        parts = {name: tell() for name, tell in self._tellers().items()}
        return {
            **self._model.setting(self._person),
            "messages": self._all_messages(),
            **parts,
            **self._polyai(),
        }

    def _patch(self) -> Json:
        messages, self._messages = self._messages, {}
        parts, self._parts = self._parts, {}
        tellers = self._tellers()
        patch: Json = {name: tellers[name]() for name in parts}
        shown = self._model.channels_of(self._person)
        told = [self._message(channel, ts) for channel, ts in messages if channel in shown]
        return patch | ({"messages": told} if told else {}) | self._polyai()

    def _tellers(self) -> dict[str, Callable[[], Any]]:
        return {
            "modals": lambda: [view_shape(view) for view in self._person.modals],
            "home": lambda: view_shape(self._person.home) if self._person.home else None,
            "bot": self._model.bot.told,
            "trouble": self._model.trouble.told,
        }

    def _message(self, channel: str, ts: str) -> Json:
        messages = self._model.workspace.messages
        message = messages.find(channel, ts) or messages.find_ephemeral(channel, self._person.id, ts)
        return message_shape(message) if message else gone_shape(channel, ts)

    def _all_messages(self) -> list[Json]:
        messages, shown = self._model.workspace.messages, self._model.channels_of(self._person)
        public = [message for message in messages.all() if message.channel in shown]
        hidden = [message for channel in shown for message in messages.ephemerals(channel, self._person.id)]
        return [message_shape(message) for message in [*public, *hidden]]

    def _polyai(self) -> Json:
        polyai = self._model.polyai
        posts = [post_shape(number, post) for number, post in enumerate(polyai.posts)]
        calls = [call_shape(call) for call in polyai.calls.values()]
        changed = {
            "posts": self._news("post", "number", posts),
            "calls": self._news("call", "call_sid", calls),
        }
        return {name: news for name, news in changed.items() if news}

    def _news(self, kind: str, key: str, shapes: list[Json]) -> list[Json]:
        """Those that are not as this window was told last."""
        news = [shape for shape in shapes if self._told.get(f"{kind} {shape[key]}") != shape]
        self._told |= {f"{kind} {shape[key]}": shape for shape in news}
        return news
