"""The selects: of given options, of the app's, of people and of conversations."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sandbox.slack.block_kit.choices import Choice, within
from sandbox.slack.block_kit.inputs import Placeholder
from sandbox.slack.block_kit.objects import Option, OptionGroup, Strict


class Select(Choice):
    """What all selects have."""

    placeholder: Placeholder | None = None


class MultiSelect(Select):
    """What all selects of many have."""

    max_selected_items: int | None = Field(default=None, ge=1)


class Listed(Select):
    """Options given with the element, in one list or in groups."""

    options: list[Option] | None = Field(default=None, min_length=1, max_length=100)
    option_groups: list[OptionGroup] | None = Field(default=None, min_length=1, max_length=100)

    @property
    def offered(self) -> list[Option]:
        """All options there are."""
        groups = self.option_groups or []
        return (self.options or []) + [option for group in groups for option in group.options]

    @model_validator(mode="after")
    def _one_kind_of_options(self) -> Self:
        if (self.options is None) == (self.option_groups is None):
            raise PydanticCustomError("options", "must have either options or option_groups")
        return self


class StaticSelect(Listed):
    """One of the given options."""

    type: Literal["static_select"]
    initial_option: Option | None = None

    @model_validator(mode="after")
    def _initial_is_offered(self) -> Self:
        within([self.initial_option] if self.initial_option else [], self.offered)
        return self


class MultiStaticSelect(Listed, MultiSelect):
    """Any of the given options."""

    type: Literal["multi_static_select"]
    initial_options: list[Option] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _initial_is_offered(self) -> Self:
        within(self.initial_options or [], self.offered)
        return self


class ExternalSelect(Select):
    """One of the options the app suggests."""

    type: Literal["external_select"]
    initial_option: Option | None = None
    min_query_length: int | None = Field(default=None, ge=0)


class MultiExternalSelect(MultiSelect):
    """Any of the options the app suggests."""

    type: Literal["multi_external_select"]
    initial_options: list[Option] | None = Field(default=None, min_length=1)
    min_query_length: int | None = Field(default=None, ge=0)


class UsersSelect(Select):
    """One person."""

    type: Literal["users_select"]
    initial_user: str | None = None


class MultiUsersSelect(MultiSelect):
    """Any people."""

    type: Literal["multi_users_select"]
    initial_users: list[str] | None = None


class ConversationFilter(Strict):
    """Which conversations are offered."""

    include: list[Literal["im", "mpim", "private", "public"]] | None = Field(default=None, min_length=1)
    exclude_external_shared_channels: bool | None = None
    exclude_bot_users: bool | None = None


class ConversationsSelect(Select):
    """One conversation."""

    type: Literal["conversations_select"]
    initial_conversation: str | None = None
    default_to_current_conversation: bool | None = None
    response_url_enabled: bool | None = None
    filter: ConversationFilter | None = None


class MultiConversationsSelect(MultiSelect):
    """Any conversations."""

    type: Literal["multi_conversations_select"]
    initial_conversations: list[str] | None = None
    default_to_current_conversation: bool | None = None
    filter: ConversationFilter | None = None


class ChannelsSelect(Select):
    """One public channel."""

    type: Literal["channels_select"]
    initial_channel: str | None = None
    response_url_enabled: bool | None = None


class MultiChannelsSelect(MultiSelect):
    """Any public channels."""

    type: Literal["multi_channels_select"]
    initial_channels: list[str] | None = None
