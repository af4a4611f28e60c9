"""Finds what a person clicks on and builds the action that Slack sends for it."""

from __future__ import annotations

import contextlib
from typing import Any

from sandbox.slack.block_kit.reading import all_controls
from sandbox.slack.errors import SlackRefuses
from sandbox.slack.form import SLOTS, chosen
from sandbox.slack.model import Message, View

Json = dict[str, Any]


def control(blocks: list[Json], action_id: str) -> tuple[Json, Json]:
    """The element with this action id and its block; SlackRefuses when there is none."""
    for block, element in all_controls(blocks):
        if element["action_id"] == action_id and _sends_actions(block):
            return block, element
    there = [element["action_id"] for _, element in all_controls(blocks)]
    raise SlackRefuses(f"there is no {action_id!r} to click on, only {there}")


def action(block: Json, element: Json, value: Any, suggested: list[Json], ts: str) -> Json:
    """The entry of `actions` for using this element, with the value chosen in it unless it is a button."""
    sent: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    kept = {name: element[name] for name in ("style", "confirm", "placeholder", "url") if name in element}
    if element["type"] == "button":
        said: Json = {name: element[name] for name in ("text", "value") if name in element}
    else:
        said = {SLOTS[element["type"]].key: chosen(element, value, suggested)}
    return sent | kept | said | {"action_ts": ts}


def forged(action_id: str, value: str, block_id: str, ts: str) -> Json:
    """The action of a button that is not there, or that never had this value."""
    return {
        "type": "button",
        "action_id": action_id,
        "block_id": block_id,
        "text": {"type": "plain_text", "text": action_id, "emoji": True},
        "value": value,
        "action_ts": ts,
    }


def blocks_of(where: Message | View, stale: bool) -> list[Json]:
    """The blocks there are now; or, `stale`, all that the message had before, the latest first."""
    if stale and isinstance(where, Message):
        return [block for version in reversed(where.edits) for block in version.blocks]
    return where.blocks


def block_id_of(where: Message | View, action_id: str) -> str:
    """The block such a control is or was in; "forged" when there never was one."""
    for blocks in (where.blocks, blocks_of(where, stale=True)):
        with contextlib.suppress(SlackRefuses):
            return str(control(blocks, action_id)[0]["block_id"])
    return "forged"


def _sends_actions(block: Json) -> bool:
    return block["type"] != "input" or bool(block.get("dispatch_action"))
