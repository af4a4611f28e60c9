"""The reason that an operator gives, for those who read it later."""

from __future__ import annotations

from bot.domain.errors import Refused
from bot.domain.visible import shown


def said(why: str) -> str:
    """The reason as it is kept. Raises Refused where nothing of it can be seen."""
    if not (kept := shown(why)):
        raise Refused("Say why: it is read by people who were not there.")
    return kept
