"""Remembers for some seconds who was refused what: a button pressed again and again asks Slack once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.errors import NotAllowed
from bot.service.ports import Clock

HOLDS = timedelta(seconds=10)
"""How long a refusal is believed: no longer than it takes to become an approver and press again."""

_MAX = 1000


@dataclass(frozen=True)
class DenialCache:
    """Only refusals are remembered: never a permission, and never that Slack did not answer."""

    clock: Clock
    _refused: dict[tuple[str, str], tuple[datetime, str]] = field(default_factory=dict)

    @contextmanager
    def of(self, user: str, what: str) -> Iterator[None]:
        """Ask within it whether this person may do that. Raises NotAllowed at once if it was just refused."""
        at, sentence = self._refused.get((user, what), (None, ""))
        if at is not None and timedelta() <= self.clock.now() - at < HOLDS:
            raise NotAllowed(sentence)
        try:
            yield
        except NotAllowed as error:
            self._refused.pop((user, what), None)  # so that it is the newest
            self._refused[user, what] = (self.clock.now(), error.sentence)
            if len(self._refused) > _MAX:
                del self._refused[next(iter(self._refused))]
            raise
