"""A short run of the chaos; `make chaos` makes a long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.plan import plan
from tests.chaos.report import broken
from tests.chaos.run import run


def test_a_seed_always_gives_the_same_script() -> None:
    """What was done to the bot can be done to it again."""
    assert plan(7, 3) == plan(7, 3) != plan(8, 3)


@pytest.mark.timeout(240)
async def test_two_rounds_break_no_promise(tmp_path: Path) -> None:
    """People, faults and kills for two rounds: nothing lost, nothing doubled, every card and record right."""
    said: list[str] = []
    outcome = await run(plan(4, 2), tmp_path, said.append)
    assert broken(outcome) == [], outcome.stage.dump()
    assert outcome.stage.deaths, "nobody killed it"
