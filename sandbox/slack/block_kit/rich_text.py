"""The rich_text block and everything in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sandbox.slack.block_kit.objects import Id, Strict


class TextStyle(Strict):
    """How a piece of rich text looks."""

    bold: bool | None = None
    italic: bool | None = None
    strike: bool | None = None
    underline: bool | None = None
    code: bool | None = None


class MentionStyle(TextStyle):
    """How a mention looks."""

    highlight: bool | None = None
    client_highlight: bool | None = None
    unlink: bool | None = None


class Text(Strict):
    """Text that is shown as it is."""

    type: Literal["text"]
    text: str = Field(min_length=1)
    style: TextStyle | None = None


class Link(Strict):
    """A link."""

    type: Literal["link"]
    url: str = Field(min_length=1)
    text: str | None = None
    unsafe: bool | None = None
    style: TextStyle | None = None


class UserMention(Strict):
    """A person."""

    type: Literal["user"]
    user_id: str = Field(min_length=1)
    style: MentionStyle | None = None


class UserGroupMention(Strict):
    """A user group."""

    type: Literal["usergroup"]
    usergroup_id: str = Field(min_length=1)
    style: MentionStyle | None = None


class ChannelMention(Strict):
    """A channel."""

    type: Literal["channel"]
    channel_id: str = Field(min_length=1)
    style: MentionStyle | None = None


class Broadcast(Strict):
    """Everybody here, in the channel, or in the workspace."""

    type: Literal["broadcast"]
    range: Literal["here", "channel", "everyone"]
    style: TextStyle | None = None


class Date(Strict):
    """A moment, shown in the reader's own time zone."""

    type: Literal["date"]
    timestamp: int
    format: str = Field(min_length=1)
    url: str | None = None
    fallback: str | None = None
    style: TextStyle | None = None


Inline = Annotated[
    Text | Link | UserMention | UserGroupMention | ChannelMention | Broadcast | Date,
    Field(discriminator="type"),
]


class RichTextSection(Strict):
    """A run of rich text."""

    type: Literal["rich_text_section"]
    elements: list[Inline]


class List(Strict):
    """A list of runs."""

    type: Literal["rich_text_list"]
    elements: list[RichTextSection]
    style: Literal["bullet", "ordered"]
    indent: int | None = Field(default=None, ge=0, le=8)
    offset: int | None = Field(default=None, ge=0)
    border: Literal[0, 1] | None = None


class RichText(Strict):
    """The block."""

    type: Literal["rich_text"]
    elements: list[Annotated[RichTextSection | List, Field(discriminator="type")]]
    block_id: Id | None = None
