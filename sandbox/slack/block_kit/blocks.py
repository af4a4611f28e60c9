"""The blocks themselves, and which element fits which block."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sandbox.slack.block_kit.choices import Button, Checkboxes, RadioButtons
from sandbox.slack.block_kit.inputs import DatePicker, FileInput, NumberInput, PlainTextInput, TimePicker
from sandbox.slack.block_kit.objects import AnyText, Id, Mrkdwn, PlainText, Strict, Url, up_to
from sandbox.slack.block_kit.rich_text import RichText
from sandbox.slack.block_kit.selects import ExternalSelect, StaticSelect

AltText = Annotated[str, Field(min_length=1, max_length=2000)]


class SlackFile(Strict):
    """A file that Slack has, by its id or its address."""

    id: str | None = None
    url: Url | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.id is None) == (self.url is None):
            raise PydanticCustomError("slack_file", "must have either id or url")
        return self


class Picture(Strict):
    """An image: from an address or from Slack."""

    type: Literal["image"]
    alt_text: AltText
    image_url: Url | None = None
    slack_file: SlackFile | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.image_url is None) == (self.slack_file is None):
            raise PydanticCustomError("image", "must have either image_url or slack_file")
        return self


Anywhere = StaticSelect | ExternalSelect | Checkboxes | RadioButtons | DatePicker | TimePicker
Accessory = Annotated[Anywhere | Button | Picture, Field(discriminator="type")]
Action = Annotated[Anywhere | Button, Field(discriminator="type")]
Input = Annotated[Anywhere | PlainTextInput | NumberInput | FileInput, Field(discriminator="type")]


class Block(Strict):
    """What all blocks have. Slack makes up a block id when it is left out."""

    block_id: Id | None = None


class Section(Block):
    """Text, fields, or both, and one element beside them."""

    type: Literal["section"]
    text: AnyText | None = None
    fields: list[Annotated[AnyText, up_to(2000)]] | None = Field(default=None, min_length=1, max_length=10)
    accessory: Accessory | None = None
    expand: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and self.fields is None:
            raise PydanticCustomError("says_nothing", "missing required field: text")
        return self


class Header(Block):
    """A large line."""

    type: Literal["header"]
    text: Annotated[PlainText, up_to(150)]


class Divider(Block):
    """A line across."""

    type: Literal["divider"]


class Context(Block):
    """Small texts and images."""

    type: Literal["context"]
    elements: list[Annotated[PlainText | Mrkdwn | Picture, Field(discriminator="type")]] = Field(
        min_length=1, max_length=10
    )


class Actions(Block):
    """Buttons and other elements in a row."""

    type: Literal["actions"]
    elements: list[Action] = Field(min_length=1, max_length=25)


class InputBlock(Block):
    """One element to fill in, under a label."""

    type: Literal["input"]
    label: Annotated[PlainText, up_to(2000)]
    element: Input
    hint: Annotated[PlainText, up_to(2000)] | None = None
    optional: bool | None = None
    dispatch_action: bool | None = None


class Image(Picture):
    """An image as a block of its own."""

    title: Annotated[PlainText, up_to(2000)] | None = None
    block_id: Id | None = None


AnyBlock = Annotated[
    Section | Header | Divider | Context | Actions | InputBlock | Image | RichText,
    Field(discriminator="type"),
]
