"""Keeps us within Slack's rate limits: a token bucket for each thing that Slack counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.service.ports import Clock


@dataclass(frozen=True)
class Rate:
    """How many a second in the long run, and how many at once."""

    per_second: float
    burst: float


POSTS = Rate(1.0, 3.0)
"""chat.postMessage: about one a second in each channel, short bursts allowed."""

EDITS = Rate(49 / 60, 25.0)
"""chat.update: tier 3, at least 50 a minute in the whole workspace, and sporadic bursts are welcome."""


@dataclass
class _Bucket:
    tokens: float
    at: datetime


class Pacer:
    """Tells how long to wait before the next call of its kind."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, key: str, rate: Rate) -> float:
        """Seconds until there is room; 0.0 means now."""
        return max(0.0, (1.0 - self._filled(key, rate).tokens) / rate.per_second)

    def take(self, key: str, rate: Rate) -> None:
        """Use the room that `wait` has found."""
        self._filled(key, rate).tokens -= 1.0

    def give_back(self, key: str) -> None:
        """Return the room: nothing was sent after all."""
        self._buckets[key].tokens += 1.0

    def hold(self, key: str, rate: Rate, seconds: float) -> None:
        """Slack asked us to wait for that long. Then there is room for one, and a burst has to grow again."""
        bucket = self._filled(key, rate)
        bucket.tokens = min(bucket.tokens, 1.0 - seconds * rate.per_second)

    def _filled(self, key: str, rate: Rate) -> _Bucket:
        now = self._clock.now()
        bucket = self._buckets.setdefault(key, _Bucket(rate.burst, now))
        passed = max(0.0, (now - bucket.at).total_seconds())
        bucket.tokens = min(rate.burst, bucket.tokens + passed * rate.per_second)
        bucket.at = now
        return bucket
