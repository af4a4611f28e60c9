"""A person in the workspace: does and sees what a human can, over the real protocol."""

from __future__ import annotations

import dataclasses
from typing import Any

from sandbox.slack import payloads
from sandbox.slack.clicking import action, block_id_of, blocks_of, control, forged
from sandbox.slack.delivery import Ack, Kind
from sandbox.slack.errors import ApiError, SlackRefuses
from sandbox.slack.form import entry_of, state_of, value_in
from sandbox.slack.modals import Modals, Send
from sandbox.slack.model import Channel, File, Message, User, View
from sandbox.slack.respond import show
from sandbox.slack.workspace import SLACKBOT, Workspace


class Person:
    """Acts and looks. Raises SlackRefuses where Slack's own window would not let a human do it."""

    def __init__(self, workspace: Workspace, user: User, send: Send) -> None:
        self.user = user
        self._workspace, self._send = workspace, send
        self._modals = Modals(workspace, user, send)

    @property
    def id(self) -> str:
        """The user id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The name others see."""
        return self.user.name

    # -- what the person sees

    @property
    def modals(self) -> list[View]:
        """The open modals; the last is on top."""
        return self._workspace.views.stack(self.id)

    @property
    def home(self) -> View | None:
        """The app's Home tab, if the app published one."""
        return self._workspace.views.home(self.id)

    def sees(self, channel: Channel) -> list[Message]:
        """The messages outside threads that this person can see, private ones included, oldest first."""
        hidden = [message for message in self.hears(channel) if message.thread_ts is None]
        if self.id not in channel.members and (channel.private or channel.im):
            return hidden
        return sorted([*self._workspace.messages.top_level(channel.id), *hidden], key=_order)

    def hears(self, channel: Channel) -> list[Message]:
        """What only this person was told in the channel, oldest first."""
        return self._workspace.messages.ephemerals(channel.id, self.id)

    def thread(self, message: Message) -> list[Message]:
        """The replies in a message's thread that this person can see, oldest first."""
        parent = message.thread_ts or message.ts
        told = self._workspace.messages.ephemerals(message.channel, self.id)
        hidden = [reply for reply in told if reply.thread_ts == parent]
        return sorted([*self._workspace.messages.replies(message.channel, parent), *hidden], key=_order)

    def direct_messages(self) -> list[Message]:
        """What the bot sent to this person directly, oldest first."""
        channel = self._workspace.direct_message(self._workspace.bot_user_id, self.id)
        return [m for m in self.sees(channel) if m.user == self._workspace.bot_user_id]

    # -- what the person does

    async def type(self, command: str, channel: Channel) -> Ack:
        """Type a slash command, such as "/call +16175550184", and send it."""
        self._check_may_write(channel)
        if not command.startswith("/"):
            raise SlackRefuses("only slash commands are sent to the app: use say()")
        if self.user.team_id != self._workspace.team_id:
            raise SlackRefuses("the app's commands do not exist in this person's own workspace")
        payload = payloads.slash_command(self._workspace, self.user, channel, command)
        return self._show_answer(command, channel, await self._send("slash_commands", payload))

    def say(self, text: str, channel: Channel, thread: Message | None = None) -> Message:
        """Write an ordinary message."""
        self._check_may_write(channel)
        thread_ts = None if thread is None else thread.thread_ts or thread.ts
        return self._workspace.post(channel.id, self.id, text, thread_ts=thread_ts)

    async def click(
        self,
        where: Message | View,
        action_id: str,
        *,
        value: Any = None,
        force_value: str | None = None,
        stale: bool = False,
    ) -> Ack:
        """Use a button, or another element with the value to choose, in a message or a view.

        `stale` clicks what an earlier version of the message had. `force_value` sends a button click with
        this value whether or not there is such a button and whether or not this person can see it.
        """
        ts = self._workspace.stamps.next()
        if force_value is not None:
            sent = forged(action_id, force_value, block_id_of(where, action_id), ts)
            return await self._send_action(where, sent, {})
        self._check_sees(where)
        block, element = control(blocks_of(where, stale), action_id)
        suggested = where.suggested.get(block["block_id"], []) if isinstance(where, View) else []
        sent = action(block, element, value, suggested, ts)
        state = where.state if isinstance(where, View) else state_of(where.blocks)
        if action_id in state.get(block["block_id"], {}):
            state[block["block_id"]][action_id] = entry_of(element, value_in(sent))
        return await self._send_action(where, sent, state)

    def fill(self, view: View, values: dict[str, Any]) -> None:
        """Type into a modal, by block id.

        Values: text, the value of an option (or a list of them), a File (or a list), "YYYY-MM-DD", "HH:MM",
        a number as text.
        """
        self._modals.fill(view, values)

    async def submit(
        self, view: View | None = None, values: dict[str, Any] | None = None, *, force: bool = False
    ) -> Ack:
        """Fill in and submit a modal, by default the top one. `force` skips what Slack itself checks."""
        view = view or self._modals.top()
        self._modals.fill(view, values or {})
        return await self._modals.submit(view, force=force)

    async def close(self, view: View | None = None, *, whole_stack: bool = False) -> Ack | None:
        """Close a modal, by default the top one; or all of them with the x in the corner."""
        return await self._modals.close(view or self._modals.top(), whole_stack=whole_stack)

    async def suggest(self, view: View, block_id: str, query: str) -> list[dict[str, Any]]:
        """Type into an external select; returns the options it then offers."""
        return await self._modals.suggest(view, block_id, query)

    async def upload(self, name: str, content: bytes) -> File:
        """Upload a file, to fill in a file input with."""
        return self._workspace.add_file(name, content, self.id)

    async def use_shortcut(self, callback_id: str, message: Message | None = None) -> Ack:
        """Use a global shortcut, or one on a message."""
        payload = payloads.shortcut(self._workspace, self.user, callback_id, message)
        return await self._send("interactive", payload)

    async def open_home(self) -> Ack:
        """Open the app's Home tab."""
        channel = self._workspace.direct_message(self._workspace.bot_user_id, self.id)
        body = {"type": "app_home_opened", "user": self.id, "channel": channel.id, "tab": "home"}
        return await self._send("events_api", payloads.event(self._workspace, body))

    async def send_raw(self, kind: Kind, payload: dict[str, Any]) -> Ack:
        """Send any payload at all, as nobody but Slack itself or a forger could."""
        return await self._send(kind, payload)

    def _check_may_write(self, channel: Channel) -> None:
        if self.user.deactivated:
            raise SlackRefuses(f"{self.name} is deactivated")
        if self.id not in channel.members:
            raise SlackRefuses(f"{self.name} is not in {channel.name}")
        if channel.archived:
            raise SlackRefuses(f"{channel.name} is archived")

    def _check_sees(self, where: Message | View) -> None:
        if self.user.deactivated:
            raise SlackRefuses(f"{self.name} is deactivated")
        if isinstance(where, View):
            visible = where.user == self.id and not where.closed
        else:
            members = self._workspace.channels[where.channel].members
            visible = where.ephemeral_to in (None, self.id) and self.id in members and not where.deleted
        if not visible:
            raise SlackRefuses(f"{self.name} does not see this")

    async def _send_action(self, where: Message | View, sent: dict[str, Any], state: dict[str, Any]) -> Ack:
        if isinstance(where, View):
            payload = payloads.view_action(self._workspace, self.user, where, sent)
        else:
            payload = payloads.message_action(self._workspace, self.user, where, sent, state)
        return await self._send("interactive", payload)

    def _show_answer(self, command: str, channel: Channel, ack: Ack) -> Ack:
        try:
            if ack.ok and ack.payload:
                show(self._workspace, channel.id, self.id, ack.payload)
        except ApiError as refusal:
            ack = dataclasses.replace(ack, ok=False, problem=f"invalid_command_response: {refusal.code}")
        if not ack.ok:
            said = f'{command.split()[0]} failed with the error "{ack.problem}"'
            self._workspace.post(channel.id, SLACKBOT, said, ephemeral_to=self.id)
        return ack


def _order(message: Message) -> tuple[int, str]:
    seconds, _, rest = message.ts.partition(".")
    return int(seconds), rest
