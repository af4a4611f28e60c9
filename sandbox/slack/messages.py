"""The messages of a workspace, found by channel and timestamp, or by thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sandbox.changes import Changes
from sandbox.slack.model import Block, Message

Shelf = dict[str, Message]
"""Messages by timestamp, the oldest first."""


class Messages:
    """All messages. Finding, posting and deleting one takes the same time however many there are."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._all: dict[str, Shelf] = defaultdict(dict)
        self._top: dict[str, Shelf] = defaultdict(dict)
        self._replies: dict[tuple[str, str], Shelf] = defaultdict(dict)
        self._ephemerals: dict[tuple[str, str], Shelf] = defaultdict(dict)
        self.deleted: set[tuple[str, str]] = set()

    def post(self, message: Message) -> Message:
        """Add a message, an ephemeral one to the person it is for."""
        for shelf in self._shelves(message):
            shelf[message.ts] = message
        self._tell("message_posted", message)
        return message

    def edit(self, message: Message, text: str, blocks: list[Block]) -> None:
        """Show another text and other blocks from now on."""
        message.replace(text, blocks)
        self._tell("message_edited", message)

    def delete(self, message: Message) -> None:
        """Remove a message. A parent with replies stays as a tombstone, as in Slack."""
        message.deleted = True
        self.deleted.add((message.channel, message.ts))
        if self.replies(message.channel, message.ts):
            message.replace("This message was deleted.", [])
        else:
            for shelf in self._shelves(message):
                shelf.pop(message.ts, None)
        self._tell("message_deleted", message)

    def find(self, channel: str, ts: str) -> Message | None:
        """Return the message everybody in the channel can see under this timestamp."""
        return self._all[channel].get(ts)

    def find_ephemeral(self, channel: str, user: str, ts: str) -> Message | None:
        """Return the message only this person can see under this timestamp."""
        return self._ephemerals[channel, user].get(ts)

    def top_level(self, channel: str) -> Iterable[Message]:
        """The messages outside threads, the oldest first."""
        return self._top[channel].values()

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """The replies in a thread, the oldest first."""
        return list(self._replies[channel, thread_ts].values())

    def ephemerals(self, channel: str, user: str) -> list[Message]:
        """What only this person was told in the channel, the oldest first."""
        return list(self._ephemerals[channel, user].values())

    def all(self) -> Iterable[Message]:
        """Every message that is not ephemeral, channel by channel."""
        return (message for shelf in self._all.values() for message in shelf.values())

    def _shelves(self, message: Message) -> list[Shelf]:
        if message.ephemeral_to is not None:
            return [self._ephemerals[message.channel, message.ephemeral_to]]
        if message.thread_ts is not None:
            return [self._all[message.channel], self._replies[message.channel, message.thread_ts]]
        return [self._all[message.channel], self._top[message.channel]]

    def _tell(self, kind: str, message: Message) -> None:
        self._changes.tell(
            kind,
            channel=message.channel,
            ts=message.ts,
            thread_ts=message.thread_ts,
            ephemeral_to=message.ephemeral_to,
            user=message.user,
            text=message.text,
            blocks=message.blocks,
        )
