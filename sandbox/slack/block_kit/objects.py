"""The small objects inside blocks: texts, options, confirmation dialogs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError


class Strict(BaseModel):
    """Refuses unknown fields, values of another type, and null where a field could be left out."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _no_nulls(cls, value: Any) -> Any:
        nulls = [name for name, item in value.items() if item is None] if isinstance(value, dict) else []
        if nulls:
            raise PydanticCustomError("null", "must not be null: {names}", {"names": ", ".join(nulls)})
        return value


class PlainText(Strict):
    """Text that Slack shows as it is."""

    type: Literal["plain_text"]
    text: str = Field(min_length=1, max_length=3000)
    emoji: bool | None = None


class Mrkdwn(Strict):
    """Text in Slack's mark-up."""

    type: Literal["mrkdwn"]
    text: str = Field(min_length=1, max_length=3000)
    verbatim: bool | None = None


def up_to(limit: int) -> AfterValidator:
    """Refuse a text object with more characters than this."""

    def check(text: Any) -> Any:
        if len(text.text) > limit:
            too_long = "must be less than {limit} characters"
            raise PydanticCustomError("string_too_long", too_long, {"limit": limit + 1})
        return text

    return AfterValidator(check)


AnyText = Annotated[PlainText | Mrkdwn, Field(discriminator="type")]
Id = Annotated[str, Field(min_length=1, max_length=255)]
Url = Annotated[str, Field(min_length=1, max_length=3000, pattern=r"^https?://")]
Style = Literal["primary", "danger"]


class Confirm(Strict):
    """The question Slack asks before it sends an action."""

    title: Annotated[PlainText, up_to(100)]
    text: Annotated[AnyText, up_to(300)]
    confirm: Annotated[PlainText, up_to(30)] | None = None
    deny: Annotated[PlainText, up_to(30)] | None = None
    style: Style | None = None


class Option(Strict):
    """One choice in a select."""

    text: Annotated[PlainText, up_to(75)]
    value: str = Field(min_length=1, max_length=150)
    description: Annotated[PlainText, up_to(75)] | None = None


class MarkedOption(Strict):
    """One choice among checkboxes or radio buttons: its text may have mark-up."""

    text: Annotated[AnyText, up_to(75)]
    value: str = Field(min_length=1, max_length=150)
    description: Annotated[AnyText, up_to(75)] | None = None


class OptionGroup(Strict):
    """Choices under a heading."""

    label: Annotated[PlainText, up_to(75)]
    options: list[Option] = Field(min_length=1, max_length=100)
