"""What every window of the page looks at: the people, the channels, and the switches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sandbox.changes import Change, Changes
from sandbox.daytime import number_by_day
from sandbox.page.bot_keeper import BotKeeper
from sandbox.page.commands import COMMANDS
from sandbox.page.refusals import Malformed
from sandbox.page.shapes import channel_shape
from sandbox.page.trouble import POLYAI, SLACK, Trouble
from sandbox.sandbox import Sandbox
from sandbox.slack.model import Channel, File, Message, View
from sandbox.slack.person import Person

Json = dict[str, Any]
Subscribe = Callable[[Callable[[Change], object]], Callable[[], None]]


class PageModel:
    """The sandbox as the page sees it. Every `find` raises Malformed for what is not there."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.slack, self.polyai, self.workspace = sandbox.slack, sandbox.polyai, sandbox.slack.workspace
        self.changes = Changes()
        self.bot = BotKeeper(sandbox, lambda: self.changes.tell("bot"))
        self.trouble = Trouble(sandbox.slack, sandbox.polyai, lambda: self.changes.tell("trouble"))
        self.files: dict[str, File] = {}
        self.record = sandbox.record
        self._roles = sandbox.roles

    @property
    def sources(self) -> Sequence[Subscribe]:
        """Everything that tells of changes."""
        return (self.slack.subscribe, self.polyai.subscribe, self.changes.subscribe)

    def setting(self, person: Person) -> Json:
        """What stays as it is while this person looks."""
        return {
            "me": person.id,
            "people": [self._inhabitant(person_id) for person_id in self._roles],
            "users": {
                user.id: {"name": user.name, "bot": user.bot} for user in self.workspace.users.values()
            },
            "bot_user": self.slack.bot_user_id,
            "channels": list(self.channels_of(person).values()),
            "commands": COMMANDS,
            "example": f"/call {number_by_day(datetime.now(UTC))} appointment_date=2026-08-26",
            "troubles": {"polyai": POLYAI, "slack": SLACK},
        }

    def channels_of(self, person: Person) -> dict[str, Json]:
        """The conversations that stand in this person's sidebar, by id."""
        self.slack.app_home_dm(person)  # it is there before the first word is said in it
        return {
            channel.id: channel_shape(channel, self.slack.bot_user_id)
            for channel in self.workspace.channels.values()
            if person.id in channel.members
        }

    def find_person(self, person_id: str) -> Person:
        """One of the people in the sandbox."""
        if person_id not in self.slack.people:
            raise Malformed(f"There is nobody with the id {person_id!r}.")
        return self.slack.people[person_id]

    def find_channel(self, channel_id: str) -> Channel:
        """A channel or direct message."""
        if channel_id not in self.workspace.channels:
            raise Malformed(f"There is no channel with the id {channel_id!r}.")
        return self.workspace.channels[channel_id]

    def find_message(self, person: Person, channel: str, ts: str) -> Message:
        """A message that everybody in the channel, or this person alone, can see."""
        messages = self.workspace.messages
        message = messages.find(channel, ts) or messages.find_ephemeral(channel, person.id, ts)
        if message is None:
            raise Malformed("There is no such message.")
        return message

    def find_view(self, person: Person, view_id: str) -> View:
        """A modal or Home tab that this person has open."""
        for view in [*person.modals, *([person.home] if person.home else [])]:
            if view.id == view_id:
                return view
        raise Malformed("This modal is not open any more.")

    def _inhabitant(self, person_id: str) -> Json:
        user = self.workspace.users[person_id]
        return {"id": user.id, "name": user.name, "role": self._roles[user.id], "guest": bool(user.guest)}
