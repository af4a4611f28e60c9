"""Trigger ids: permission to open one view for one person, for three seconds."""

from __future__ import annotations

import itertools
import secrets
import time
from dataclasses import dataclass

from sandbox.slack.errors import ApiError


@dataclass
class _Trigger:
    user: str
    issued: float
    used: bool = False


class Triggers:
    """Every trigger id ever issued. Their age is real time: no test clock makes a slow app fast."""

    def __init__(self) -> None:
        self.ttl = 3.0
        self._issued: dict[str, _Trigger] = {}
        self._numbers = itertools.count(1000000)

    def issue(self, user: str) -> str:
        """Make a trigger id for something this person just did."""
        trigger = f"{next(self._numbers)}.{secrets.randbelow(10**7):07}.{secrets.token_hex(16)}"
        self._issued[trigger] = _Trigger(user, time.monotonic())
        return trigger

    def exchange(self, trigger_id: str) -> str:
        """Use the trigger id up and return whose it was; ApiError when it is unknown, used or too old."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if time.monotonic() - trigger.issued > self.ttl:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger.user
