"""Reads blocks the way a person does: the text in them, and what can be clicked or filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]

# What a reader sees of a rich-text element that is not plain text.
_RICH: dict[str, Callable[[Json], str]] = {
    "link": lambda e: str(e.get("text") or e["url"]),
    "user": lambda e: f"<@{e['user_id']}>",
    "channel": lambda e: f"<#{e['channel_id']}>",
    "usergroup": lambda e: f"<!subteam^{e['usergroup_id']}>",
    "broadcast": lambda e: f"<!{e['range']}>",
    "date": lambda e: e.get("fallback") or str(e["timestamp"]),
    "text": lambda e: str(e["text"]),
}


def text_of(blocks: list[Json]) -> str:
    """All the text in the blocks, a line for each piece. Options of selects are not part of it."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: Json) -> Iterator[str]:
    if block["type"] == "rich_text":
        yield from (_rich(part) for part in block["elements"])
    for name in ("text", "label", "hint", "title"):
        if name in block:
            yield block[name]["text"]
    yield from (field["text"] for field in block.get("fields", []))
    if "alt_text" in block:
        yield block["alt_text"]
    for element in controls(block) if block["type"] != "context" else block["elements"]:
        yield from _element_lines(element)


def _element_lines(element: Json) -> Iterator[str]:
    text = element.get("text", element.get("alt_text"))
    if text is not None:
        yield text["text"] if isinstance(text, dict) else text
    if element["type"] in ("checkboxes", "radio_buttons"):
        yield from (option["text"]["text"] for option in element["options"])


def _rich(part: Json) -> str:
    if part["type"] == "rich_text_list":
        return "\n".join(_rich(item) for item in part["elements"])
    return "".join(_RICH[element["type"]](element) for element in part["elements"])


def controls(block: Json) -> list[Json]:
    """The elements of one block that a person can use (or look at, for an accessory image)."""
    if block["type"] == "actions":
        return list(block["elements"])
    return [block[name] for name in ("accessory", "element") if name in block]


def all_controls(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every usable element with the block it is in."""
    return ((block, element) for block in blocks for element in controls(block) if "action_id" in element)


def buttons_of(blocks: list[Json]) -> list[str]:
    """The action ids of buttons and of the other elements outside input blocks."""
    return [element["action_id"] for block, element in all_controls(blocks) if block["type"] != "input"]
