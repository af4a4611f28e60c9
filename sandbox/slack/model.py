"""What exists in an emulated workspace: people, conversations, messages, views and files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.slack.block_kit.reading import buttons_of, text_of

Block = dict[str, Any]
Guest = Literal["", "multi_channel", "single_channel"]
Shared = Literal["", "pending", "external"]


@dataclass(eq=False)
class User:
    """A member, guest, bot or stranger. May be changed at any time; the Web API tells the new truth."""

    id: str
    name: str
    team_id: str
    tz: str = "Europe/London"
    guest: Guest = ""
    bot: bool = False
    deactivated: bool = False

    @property
    def handle(self) -> str:
        """The name in lower case without spaces, as in `user_name`."""
        return self.name.lower().replace(" ", ".")


@dataclass(eq=False)
class Channel:
    """A channel, or a direct message when `im`. `members` are user ids, the bot's included.

    `shared` is Slack Connect: another organisation is in it, or was invited and has not answered yet.
    `restricted` is that the app may not post there.
    """

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    private: bool = False
    archived: bool = False
    im: bool = False
    created: int = 0
    shared: Shared = ""
    restricted: bool = False


@dataclass(eq=False)
class UserGroup:
    """A user group, such as @approvers."""

    id: str
    handle: str
    members: list[str]


@dataclass(frozen=True)
class Version:
    """How a message looked before an edit."""

    text: str
    blocks: list[Block]

    @property
    def plain(self) -> str:
        """All the text a person could read."""
        return text_of(self.blocks) or self.text

    @property
    def buttons(self) -> list[str]:
        """The action ids of what could be clicked."""
        return buttons_of(self.blocks)


@dataclass(eq=False)
class Message:
    """A message as it looks now. `edits` holds its earlier versions, the oldest first."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    metadata: dict[str, Any] | None = None
    edited: bool = False
    deleted: bool = False
    edits: list[Version] = field(default_factory=list)

    @property
    def plain(self) -> str:
        """All the text a person can read: the blocks', or the top-level text when there are none."""
        return text_of(self.blocks) or self.text

    @property
    def buttons(self) -> list[str]:
        """The action ids of what can be clicked."""
        return buttons_of(self.blocks)

    def replace(self, text: str, blocks: list[Block]) -> None:
        """Show this from now on, and remember how it looked before."""
        self.edits.append(Version(self.text, self.blocks))
        self.text, self.blocks = text, blocks


@dataclass(frozen=True)
class File:
    """An uploaded file."""

    id: str
    name: str
    content: bytes
    user: str
    created: int
    mimetype: str


@dataclass(eq=False)
class View:
    """A modal or Home tab as one person has it open, with what they typed so far.

    `state` is what Slack sends as `view.state.values`, and `earlier` what it was before the last update;
    `errors` maps block ids to the sentences under
    their inputs; `trouble` is the banner Slack itself shows when the app did not answer properly.
    """

    id: str
    user: str
    spec: dict[str, Any]
    hash: str
    root: str
    previous: str | None = None
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    earlier: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    suggested: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    closed: bool = False

    @property
    def blocks(self) -> list[Block]:
        """The blocks."""
        return list(self.spec["blocks"])

    @property
    def callback_id(self) -> str:
        """The callback id, or an empty string."""
        return str(self.spec.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        """The private metadata, or an empty string."""
        return str(self.spec.get("private_metadata", ""))

    @property
    def title(self) -> str:
        """The title; a Home tab has none."""
        return str(self.spec.get("title", {}).get("text", ""))

    @property
    def plain(self) -> str:
        """All the text a person can read in the blocks."""
        return text_of(self.blocks)

    @property
    def buttons(self) -> list[str]:
        """The action ids of what can be clicked."""
        return buttons_of(self.blocks)
