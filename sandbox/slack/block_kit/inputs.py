"""The elements a person types into: texts, numbers, files, dates and times."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from sandbox.slack.block_kit.objects import Confirm, Id, PlainText, Strict, up_to

Placeholder = Annotated[PlainText, up_to(150)]
Number = Annotated[str, StringConstraints(pattern=r"^-?\d+(\.\d+)?$")]


class Element(Strict):
    """Whatever has an action id. Slack makes one up when it is left out."""

    action_id: Id | None = None


class Typed(Element):
    """What all elements to type into have."""

    placeholder: Placeholder | None = None
    focus_on_load: bool | None = None


class PlainTextInput(Typed):
    """One line or many lines of text."""

    type: Literal["plain_text_input"]
    initial_value: str | None = Field(default=None, max_length=3000)
    multiline: bool | None = None
    min_length: int | None = Field(default=None, ge=0, le=3000)
    max_length: int | None = Field(default=None, ge=1, le=3000)

    @model_validator(mode="after")
    def _lengths_agree(self) -> Self:
        most = 3000 if self.max_length is None else self.max_length
        if (self.min_length or 0) > most or len(self.initial_value or "") > most:
            raise PydanticCustomError("lengths", "min_length and initial_value must fit max_length")
        return self


class NumberInput(Typed):
    """A number. All of its own numbers are strings."""

    type: Literal["number_input"]
    is_decimal_allowed: bool
    initial_value: Number | None = None
    min_value: Number | None = None
    max_value: Number | None = None

    @model_validator(mode="after")
    def _bounds_agree(self) -> Self:
        if self.min_value and self.max_value and Decimal(self.min_value) > Decimal(self.max_value):
            raise PydanticCustomError("bounds", "min_value must not be more than max_value")
        return self


class FileInput(Element):
    """Files from the person's computer."""

    type: Literal["file_input"]
    filetypes: list[Annotated[str, Field(min_length=1)]] | None = Field(default=None, min_length=1)
    max_files: int | None = Field(default=None, ge=1, le=10)


class Picker(Element):
    """What all date and time pickers have."""

    confirm: Confirm | None = None
    focus_on_load: bool | None = None


class DatePicker(Picker):
    """A day."""

    type: Literal["datepicker"]
    placeholder: Placeholder | None = None
    initial_date: str | None = Field(default=None, pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")


class TimePicker(Picker):
    """A time of day."""

    type: Literal["timepicker"]
    placeholder: Placeholder | None = None
    initial_time: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    timezone: str | None = None
