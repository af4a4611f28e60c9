"""How many examples are tried: few and always the same in the tests, many and new ones for a long search."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

_EXAMPLES = int(os.environ.get("FUZZ", "0"))


def effort(examples: int) -> settings:
    """So many examples, all in one world; `FUZZ=2000` tries that many, and others each time."""
    return settings(
        max_examples=_EXAMPLES or examples,
        derandomize=not _EXAMPLES,
        database=None,
        # Making a failure smaller takes longer than a test may.
        phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if _EXAMPLES else [])],
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
