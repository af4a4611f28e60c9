"""Turns what stands in a browser's inputs into what the emulator takes as typed by a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.page.orders import Value
from sandbox.page.refusals import Malformed
from sandbox.slack.block_kit.reading import all_controls
from sandbox.slack.form import SLOTS, value_in
from sandbox.slack.model import File, View


def new_values(view: View, values: Mapping[str, Value], files: Mapping[str, File]) -> dict[str, Any]:
    """What differs from what the view holds already, by block id; Malformed when it fits no input."""
    elements = {block["block_id"]: element for block, element in all_controls(view.blocks)}
    unknown = [block_id for block_id in values if block_id not in elements]
    if unknown:
        raise Malformed(f"There is nothing to fill in at {unknown[0]!r}.")
    typed = {block_id: _typed(elements[block_id], value, files) for block_id, value in values.items()}
    return {
        block_id: value
        for block_id, value in typed.items()
        if value != _held(view, block_id, elements[block_id])
    }


def _typed(element: Mapping[str, Any], value: Value, files: Mapping[str, File]) -> Any:
    kind = element["type"]
    if kind not in SLOTS or not isinstance(value, (list if SLOTS[kind].many else str) | None):
        raise Malformed(f"This is not what a {kind} holds.")
    if kind == "file_input":
        return [_file(files, file_id) for file_id in value or []] if isinstance(value, list) else []
    if value is None and SLOTS[kind].many:
        return []
    return None if value == "" else value


def _file(files: Mapping[str, File], file_id: str) -> File:
    if file_id not in files:
        raise Malformed("This file was never uploaded.")
    return files[file_id]


def _held(view: View, block_id: str, element: Mapping[str, Any]) -> Any:
    entry = view.state.get(block_id, {}).get(element["action_id"])
    held = None if entry is None else value_in(entry)
    if element["type"] == "file_input":
        return object()  # the state has descriptions of files, never the files: always typed anew
    if SLOTS[element["type"]].options:
        return [option["value"] for option in held] if isinstance(held, list) else held and held["value"]
    return held
