"""How long to wait before trying again."""

from __future__ import annotations

import random


def backoff(failures: int, first: float, most: float) -> float:
    """Seconds to wait after so many failures in a row: doubling, with jitter, never over `most`.

    Jitter takes off up to half, so that what failed together does not come back together.
    """
    full = min(most, first * 2.0 ** min(failures - 1, 32))
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - nothing secret hangs on it
