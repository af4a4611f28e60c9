"""Checks blocks where they are used: in a message, a modal, a Home tab, or a list of suggestions."""

from __future__ import annotations

import json
from collections import Counter
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from sandbox.slack.block_kit.blocks import AnyBlock
from sandbox.slack.block_kit.inputs import FileInput
from sandbox.slack.block_kit.normal import with_ids
from sandbox.slack.block_kit.objects import Option, OptionGroup, PlainText, Strict, up_to
from sandbox.slack.block_kit.pointers import messages_of
from sandbox.slack.errors import ApiError, invalid_arguments

MAX_MESSAGE_BLOCKS = 50
MAX_VIEW_BLOCKS = 100
# Undocumented; people measured 13,297 characters, with the blocks' own structure counted in.
MAX_MESSAGE_SIZE = 13_200
MAX_VIEW_SIZE = 250_000

Json = dict[str, Any]


class _Message(BaseModel):
    blocks: Annotated[list[AnyBlock], Field(max_length=MAX_MESSAGE_BLOCKS)]


class _View(Strict):
    blocks: Annotated[list[AnyBlock], Field(max_length=MAX_VIEW_BLOCKS)]
    callback_id: str | None = Field(default=None, max_length=255)
    external_id: str | None = Field(default=None, max_length=255)
    private_metadata: str | None = Field(default=None, max_length=3000)


class _Modal(_View):
    type: Literal["modal"]
    title: Annotated[PlainText, up_to(24)]
    submit: Annotated[PlainText, up_to(24)] | None = None
    close: Annotated[PlainText, up_to(24)] | None = None
    clear_on_close: bool | None = None
    notify_on_close: bool | None = None
    submit_disabled: bool | None = None


class _Home(_View):
    type: Literal["home"]


class _Suggestions(Strict):
    options: list[Option] | None = Field(default=None, max_length=100)
    option_groups: list[OptionGroup] | None = Field(default=None, max_length=100)


_ANY_VIEW: TypeAdapter[_Modal | _Home] = TypeAdapter(Annotated[_Modal | _Home, Field(discriminator="type")])


def checked_message_blocks(blocks: object) -> list[Json]:
    """The blocks as Slack keeps them, with ids filled in; ApiError when they are not valid."""
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    try:
        message = _Message.model_validate({"blocks": blocks})
    except ValidationError as error:
        raise _invalid_blocks(messages_of(error, {"blocks": blocks})) from None
    faults = _repeated_ids(blocks, "/blocks") + _files_outside_modals(message.blocks)
    if faults:
        raise _invalid_blocks(faults)
    if len(json.dumps(blocks, separators=(",", ":"), ensure_ascii=False)) > MAX_MESSAGE_SIZE:
        raise ApiError("msg_blocks_too_long")
    return with_ids(blocks)


def checked_view(view: object, kind: Literal["modal", "home"]) -> Json:
    """The view as Slack keeps it, with ids filled in; ApiError when it is not valid."""
    if not isinstance(view, dict):
        raise invalid_arguments("must provide an object [json-pointer:/view]")
    if len(json.dumps(view).encode()) > MAX_VIEW_SIZE:
        raise ApiError("view_too_large")
    if view.get("type") != kind:
        raise invalid_arguments(f"must be of type {kind} [json-pointer:/view/type]")
    try:
        _ANY_VIEW.validate_python(view)
    except ValidationError as error:
        raise invalid_arguments(*messages_of(error, view, "/view")) from None
    faults = _repeated_ids(view["blocks"], "/view/blocks") + _unsubmittable(view) + _focused_twice(view)
    if faults:
        raise invalid_arguments(*faults)
    return {**view, "blocks": with_ids(view["blocks"])}


def checked_options(payload: object) -> list[Json]:
    """The options of an answer to a block_suggestion; ApiError when Slack would show none of them."""
    try:
        suggestions = _Suggestions.model_validate(payload)
    except ValidationError as error:
        raise invalid_arguments(*messages_of(error, payload)) from None
    groups = suggestions.option_groups or []
    options = (suggestions.options or []) + [option for group in groups for option in group.options]
    return [option.model_dump(exclude_none=True) for option in options]


def _invalid_blocks(messages: list[str]) -> ApiError:
    marked = [f"[ERROR] {message}" for message in messages]
    return ApiError("invalid_blocks", errors=messages, response_metadata={"messages": marked})


def _repeated_ids(blocks: list[Json], pointer: str) -> list[str]:
    repeated = _twice(block.get("block_id") for block in blocks)
    faults = [f"block_id {name} already exists [json-pointer:{pointer}]" for name in repeated]
    for number, block in enumerate(blocks):
        ids = (element.get("action_id") for element in block.get("elements", []))
        place = f"{pointer}/{number}/elements"
        faults += [f"action_id {name} already exists [json-pointer:{place}]" for name in _twice(ids)]
    return faults


def _twice(names: Any) -> list[str]:
    return [name for name, times in Counter(names).items() if name is not None and times > 1]


def _files_outside_modals(blocks: list[Any]) -> list[str]:
    return [
        f"unsupported type: file_input [json-pointer:/blocks/{number}/element]"
        for number, block in enumerate(blocks)
        if isinstance(getattr(block, "element", None), FileInput)
    ]


def _unsubmittable(view: Json) -> list[str]:
    needs_submit = view["type"] == "modal" and any(block["type"] == "input" for block in view["blocks"])
    missing = "missing required field: submit [json-pointer:/view]"
    return [missing] if needs_submit and "submit" not in view else []


def _focused_twice(view: Json) -> list[str]:
    focused = [block for block in view["blocks"] if block.get("element", {}).get("focus_on_load")]
    return ["only one element can have focus_on_load [json-pointer:/view/blocks]"] if len(focused) > 1 else []
