"""The two numbers that say how long something takes."""

from __future__ import annotations

import math
import statistics


def median(values: list[float]) -> float:
    """As many are above it as below; of an even number the mean of the two in the middle."""
    return statistics.median(values)


def p99(values: list[float]) -> float:
    """99 of 100 are at most this."""
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]
