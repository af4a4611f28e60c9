"""A machine's clock that does not agree with Slack's: nothing is purged, expired or dialed by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.ops import clock as ops_clock
from bot.ops.clock import SystemClock
from tests.support.world import World


class Machine:
    """A machine whose clock somebody sets, and on which time passes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.steady = datetime(2026, 11, 27, 12, tzinfo=UTC), 1_000.0
        machine = self

        class Now(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                return machine.wall

        monkeypatch.setattr(ops_clock, "datetime", Now)
        monkeypatch.setattr(ops_clock, "_steady", lambda: self.steady)

    def passes(self, **by: float) -> None:
        self.wall += timedelta(**by)
        self.steady += timedelta(**by).total_seconds()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


@pytest.mark.parametrize("days", [2200, -2200, 0.01, -0.01])
def test_a_step_that_slack_does_not_take_is_not_followed(machine: Machine, days: float) -> None:
    """Set forward or back while it runs: what has passed is still what has passed."""
    clock = SystemClock()
    clock.heard(machine.wall)
    true = machine.wall
    machine.wall += timedelta(days=days)
    machine.passes(minutes=1)
    expected = true + timedelta(minutes=1)
    assert abs(clock.now() - expected) <= (timedelta() if abs(days) > 1 else timedelta(minutes=15))
    if abs(days) > 1:
        assert clock.now() == expected and not clock.doubt()


def test_a_clock_that_is_set_right_is_followed(machine: Machine) -> None:
    """It was wrong at the start: in doubt until it is set to what Slack says."""
    right = machine.wall
    machine.wall += timedelta(days=2200)
    clock = SystemClock()
    assert "has not said" in clock.doubt()
    clock.heard(right)
    assert "3,168,000 minutes ahead of Slack's" in clock.doubt()
    machine.wall = right
    assert clock.now() == right and not clock.doubt()


def test_small_corrections_are_followed(machine: Machine) -> None:
    """The clock is slewed by a second, as time servers do: ours goes along."""
    clock = SystemClock()
    machine.wall += timedelta(seconds=1)
    assert clock.now() == machine.wall


def test_a_machine_that_slept_knows_how_long(machine: Machine) -> None:
    """The clock that nobody sets runs on in the sleep, and so does ours."""
    clock = SystemClock()
    machine.passes(hours=9)
    assert clock.now() == machine.wall


async def test_nothing_is_expired_purged_or_dialed_in_doubt(world: World) -> None:
    """The clock is years ahead: requests keep waiting, details stay, nothing rings; then all goes on."""
    await world.start()
    waiting = await world.ask()
    later = await world.ask(not_before_date="2026-08-24", not_before_time="12:00")
    await world.bob.click(later, "approve")
    await world.told(later, "It waits")
    world.clock.doubted = "this machine's clock is 3,168,000 minutes ahead of Slack's"
    world.clock.jump(days=2200)
    await world.clock.sleep(200)
    stands = [row["status"] for row in world.rows("SELECT status FROM call_requests ORDER BY created_at")]
    assert stands == ["pending_approval", "approved"] and not world.polyai.posts
    world.clock.jump(days=-2200)
    world.clock.doubted = ""
    world.clock.jump(hours=2)
    await world.told(later, "Call placed")
    assert "expired" not in waiting.plain
