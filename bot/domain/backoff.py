"""How long to wait before trying again."""

from __future__ import annotations

import random

_MAX_ASKED_FOR = 3600.0


def asked_to_wait(retry_after: str) -> float | None:
    """The seconds that a `Retry-After` header asks for, limited to an hour; None where it names none."""
    if not retry_after.isascii() or not retry_after.isdigit():
        return None
    return min(float(retry_after), _MAX_ASKED_FOR)


def backoff(failures: int, first: float, limit: float) -> float:
    """Seconds to wait after so many failures in a row: doubling, with jitter, never over `limit`.

    Jitter takes off up to half, so that what failed together does not come back together.
    """
    full = min(limit, first * 2.0 ** min(failures - 1, 32))
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - nothing secret hangs on it
