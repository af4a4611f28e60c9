"""The state of the emulated workspace, and nothing else: no sockets, no HTTP."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable
from typing import Literal

from sandbox.changes import Changes
from sandbox.slack.ids import Ids, Stamps
from sandbox.slack.messages import Messages
from sandbox.slack.model import Block, Channel, File, Guest, Message, User, UserGroup
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.tickets import Tickets
from sandbox.slack.triggers import Triggers
from sandbox.slack.views import Views

SLACKBOT = "USLACKBOT"


class Workspace:
    """Who and what is there. `base_url` is where the emulator listens, once it does.

    `messages_tab` is whether the app's manifest switches it on: without it nobody can be written to.
    `state_quirk` has forms sent with the state from before their last update, or with none.
    """

    def __init__(self, now: Callable[[], float], changes: Changes) -> None:
        self.now, self.changes, self.ids, self.stamps = now, changes, Ids(), Stamps(now)
        self.base_url = ""
        self.domain = "sandbox"
        self.team_id = self.ids.make("T", "sandbox")
        self.app_id = self.ids.make("A", "callbot")
        self.bot_id = self.ids.make("B", "callbot")
        self.users: dict[str, User] = {SLACKBOT: User(SLACKBOT, "Slackbot", self.team_id)}
        self.channels: dict[str, Channel] = {}
        self._direct_messages: dict[frozenset[str], Channel] = {}
        self.groups: dict[str, UserGroup] = {}
        self.files: dict[str, File] = {}
        self.messages = Messages(changes)
        self.messages_tab = True
        self.state_quirk: Literal["", "stale", "none"] = ""
        self.views = Views(self.ids, self.stamps, changes)
        self.triggers, self.tickets, self.response_urls = Triggers(), Tickets(), ResponseUrls(now)
        self.bot_user_id = self.add_user("Callbot", bot=True).id

    def add_user(
        self,
        name: str,
        *,
        guest: Guest = "",
        bot: bool = False,
        deactivated: bool = False,
        team_id: str | None = None,
        tz: str = "Europe/London",
    ) -> User:
        """Add a person, or a bot. With another `team_id` it is a stranger from that workspace."""
        user_id = self.ids.make("U", name)
        user = User(user_id, name, team_id or self.team_id, tz, guest, bot, deactivated)
        self.users[user_id] = user
        return user

    def add_channel(
        self, name: str, members: Iterable[str], *, private: bool = False, archived: bool = False
    ) -> Channel:
        """Add a channel with these members."""
        channel = Channel(self.ids.make("C", name), name, list(members), private, archived)
        channel.created = int(self.now())
        self.channels[channel.id] = channel
        return channel

    def direct_message(self, first: str, second: str) -> Channel:
        """Return the direct message between two, opening it when there is none yet."""
        pair = frozenset((first, second))
        if pair not in self._direct_messages:
            channel = Channel(self.ids.make("D"), "directmessage", [first, second], im=True)
            channel.created = int(self.now())
            self._direct_messages[pair] = self.channels[channel.id] = channel
        return self._direct_messages[pair]

    def add_user_group(self, handle: str, members: Iterable[str]) -> UserGroup:
        """Add a user group."""
        group = UserGroup(self.ids.make("S", handle), handle, list(members))
        self.groups[group.id] = group
        return group

    def add_file(self, name: str, content: bytes, user: str) -> File:
        """Keep an uploaded file."""
        mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = File(self.ids.make("F"), name, content, user, int(self.now()), mimetype)
        self.files[file.id] = file
        return file

    def post(
        self,
        channel: str,
        user: str,
        text: str = "",
        blocks: list[Block] | None = None,
        *,
        thread_ts: str | None = None,
        ephemeral_to: str | None = None,
    ) -> Message:
        """Post a message as this user. Nothing is checked here."""
        ts = self.stamps.next()
        return self.messages.post(Message(channel, ts, user, text, blocks or [], thread_ts, ephemeral_to))

    def is_shared(self, channel: Channel) -> bool:
        """Whether the channel is shared with another workspace: declared so, or by who is in it."""
        return channel.shared == "external" or any(
            self.users[member].team_id != self.team_id for member in channel.members
        )

    def dump(self) -> str:
        """Everything people can see, as text."""
        lines = []
        for channel in self.channels.values():
            lines.append(f"#{channel.name} {channel.id}")
            for message in self.messages.top_level(channel.id):
                lines.append(self._line(message, "  "))
                replies = self.messages.replies(channel.id, message.ts)
                lines += [self._line(reply, "    ") for reply in replies]
            for member in channel.members:
                told = self.messages.ephemerals(channel.id, member)
                lines += [self._line(message, f"  (only {member}) ") for message in told]
        for user in self.users:
            lines += [f"modal of {user}: {v.title} {v.errors} {v.trouble}" for v in self.views.stack(user)]
        return "\n".join(lines)

    def _line(self, message: Message, indent: str) -> str:
        plain = message.plain.replace("\n", " | ")
        return f"{indent}{message.ts} {self.users[message.user].name}: {plain} {message.buttons or ''}"
