"""Slack's rate limits: a bucket for each method, and for each channel that is posted to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

from sandbox.slack.args import Args
from sandbox.slack.method import Method

POSTS_PER_SECOND = 1.0
POSTS_AT_ONCE = 4


class Bucket:
    """Holds up to `capacity` tokens and gains `per_second`."""

    def __init__(self, capacity: float, per_second: float, at: float) -> None:
        self._capacity, self._per_second = capacity, per_second
        self._tokens, self._at = capacity, at

    def take(self, now: float) -> float:
        """Take a token: 0 when there was one, else the seconds until there will be one."""
        gained = max(0.0, now - self._at) * self._per_second
        self._tokens, self._at = min(self._capacity, self._tokens + gained), now
        # A clock in floating point may leave a hair less than the whole token that was waited for.
        if self._tokens < 1 - 1e-6:
            return (1 - self._tokens) / self._per_second
        self._tokens -= 1
        return 0.0


class RateLimits:
    """Decides whether a call may pass. `enforced` switches it off; `refused` counts 429s by method."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.enforced = True
        self.refused: Counter[str] = Counter()
        self._now = now
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def retry_after(self, method: Method, args: Args) -> int:
        """Count a call: 0 when it may pass, else the whole seconds to wait."""
        key = (method.name, str(args.values.get("channel")) if method.name == "chat.postMessage" else "")
        bucket = self._buckets.get(key) or self._bucket(method)
        if bucket is None or not self.enforced:
            return 0
        self._buckets[key] = bucket
        seconds = math.ceil(bucket.take(self._now()))
        self.refused[method.name] += seconds > 0
        return seconds

    def _bucket(self, method: Method) -> Bucket | None:
        if method.name == "chat.postMessage":
            return Bucket(POSTS_AT_ONCE, POSTS_PER_SECOND, self._now())
        if method.per_minute is None:
            return None
        return Bucket(method.per_minute, method.per_minute / 60, self._now())
