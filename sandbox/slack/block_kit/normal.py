"""Fills in what Slack fills in when it stores blocks."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from sandbox.slack.block_kit.reading import controls

Json = dict[str, Any]


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which every block and every usable element has an id and every text its flags."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in controls(block):
            if element["type"] != "image":
                element.setdefault("action_id", secrets.token_urlsafe(4))
    _complete_texts(blocks)
    return blocks


def _complete_texts(value: Any) -> None:
    if isinstance(value, dict):
        if value.get("type") == "plain_text":
            value.setdefault("emoji", True)
        if value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        _complete_texts(item)
