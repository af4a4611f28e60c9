"""Two approvers, double clicks, clock jumps, restarts and every answer, in any order: the promises hold."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.domain.states import Status
from tests.model.life import Life


@pytest.mark.timeout(180)
def test_no_order_of_events_breaks_a_promise() -> None:
    """At most one call that may have rung, bound to its approval; every change on the table and on record."""
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=100,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
    assert Life.reached >= {Status.APPROVED, Status.PLACED}, "nothing came near to breaking a promise"
