"""The selects: of given options, and of options that the app suggests."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sandbox.slack.block_kit.choices import Choice, within
from sandbox.slack.block_kit.inputs import Placeholder
from sandbox.slack.block_kit.objects import Option, OptionGroup


class Select(Choice):
    """What all selects have."""

    placeholder: Placeholder | None = None
    initial_option: Option | None = None


class StaticSelect(Select):
    """One of the given options, which are in one list or in groups."""

    type: Literal["static_select"]
    options: list[Option] | None = Field(default=None, min_length=1, max_length=100)
    option_groups: list[OptionGroup] | None = Field(default=None, min_length=1, max_length=100)

    @model_validator(mode="after")
    def _options_are_one_kind_and_have_the_initial(self) -> Self:
        if (self.options is None) == (self.option_groups is None):
            raise PydanticCustomError("options", "must have either options or option_groups")
        grouped = [option for group in self.option_groups or [] for option in group.options]
        within([self.initial_option] if self.initial_option else [], (self.options or []) + grouped)
        return self


class ExternalSelect(Select):
    """One of the options the app suggests."""

    type: Literal["external_select"]
    min_query_length: int | None = Field(default=None, ge=0)
