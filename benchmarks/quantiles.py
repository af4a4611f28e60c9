"""The two numbers that say how long something takes."""

from __future__ import annotations

import math


def median(values: list[float]) -> float:
    """Half of them are at most this."""
    return quantile(values, 0.5)


def p99(values: list[float]) -> float:
    """99 of 100 are at most this."""
    return quantile(values, 0.99)


def quantile(values: list[float], share: float) -> float:
    """The smallest of the values that this share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
