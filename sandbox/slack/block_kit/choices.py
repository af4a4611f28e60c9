"""The elements a person clicks: buttons, menus, checkboxes."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sandbox.slack.block_kit.inputs import Element
from sandbox.slack.block_kit.objects import Confirm, MarkedOption, PlainText, Style, Url, up_to


class Button(Element):
    """A button."""

    type: Literal["button"]
    text: Annotated[PlainText, up_to(75)]
    value: str | None = Field(default=None, max_length=2000)
    url: Url | None = None
    style: Style | None = None
    confirm: Confirm | None = None
    accessibility_label: str | None = Field(default=None, max_length=75)


class Choice(Element):
    """What all choices have."""

    confirm: Confirm | None = None
    focus_on_load: bool | None = None


def within(chosen: list[Any], offered: list[Any]) -> None:
    """Refuse initial options that are not offered."""
    if any(option not in offered for option in chosen):
        raise PydanticCustomError("initial", "initial options must be among the options")


class Checkboxes(Choice):
    """Any of up to ten options."""

    type: Literal["checkboxes"]
    options: list[MarkedOption] = Field(min_length=1, max_length=10)
    initial_options: list[MarkedOption] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _initial_is_offered(self) -> Self:
        within(self.initial_options or [], self.options)
        return self


class RadioButtons(Choice):
    """One of up to ten options."""

    type: Literal["radio_buttons"]
    options: list[MarkedOption] = Field(min_length=1, max_length=10)
    initial_option: MarkedOption | None = None

    @model_validator(mode="after")
    def _initial_is_offered(self) -> Self:
        within([self.initial_option] if self.initial_option else [], self.options)
        return self
