"""Slack's mark-up as a person reads it, for a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ENTITY = re.compile(r"<([@#!])([^<>|]+)(?:\|([^<>]*))?>")
_MARKED = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])|`([^`\n]+)`")


def readable(text: str, names: Mapping[str, str]) -> str:
    """Moments, mentions and emphasis as words; `names` are those of people and channels, by id."""
    words = _ENTITY.sub(lambda found: _entity(found, names), text)
    words = _MARKED.sub(lambda found: found[1] or found[2], words)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _entity(found: re.Match[str], names: Mapping[str, str]) -> str:
    sign, what, label = found.groups()
    if sign == "!":
        return str(label or f"@{what.partition('^')[0]}")
    return f"{sign}{names.get(what, what)}"
