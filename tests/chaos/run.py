"""One run: every round of the script, then peace, and then everything has to settle."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sandbox.slack.model import Message
from tests.chaos.plan import Action, Round
from tests.chaos.stage import Stage
from tests.support.promises import Books, Reckoning, agrees, card_of, reckon

SETTLE_SECONDS = 180.0
MAX_CLICKS = 3

_LEFT = """
    SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL)
         + (SELECT count(*) FROM call_requests WHERE status IN ('approved', 'dialing', 'placed')) AS left
"""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    stage: Stage
    reckoning: Reckoning
    seconds: float
    settled_in: float
    unmended: int


async def run(script: list[Round], folder: Path, say: Say) -> Outcome:
    """Play the script."""
    began, stage = time.monotonic(), Stage(folder)
    await stage.open()
    try:
        await stage.up.wait()
        for number, actions in enumerate(script, 1):
            await _play(stage, actions)
            say(f"round {number}/{len(script)}: {_standing(stage)}")
        return await _reckoned(stage, began, say)
    finally:
        await stage.close()


async def _play(stage: Stage, actions: Round) -> None:
    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as group:
        for action in actions:
            await asyncio.sleep(max(0.0, began + action.at - asyncio.get_running_loop().time()))
            group.create_task(_perform(stage, action))


async def _perform(stage: Stage, action: Action) -> None:
    async with asyncio.timeout(60):
        await stage.perform(action)


async def _reckoned(stage: Stage, began: float, say: Say) -> Outcome:
    stage.slack.faults.clear()
    stage.polyai.faults.clear()
    seconds = time.monotonic() - began
    say("peace; waiting for everything to settle")
    await _settle(stage)
    settled_in = time.monotonic() - began - seconds
    reckoning = reckon(stage.database, stage.slack, stage.polyai, stage.edited)
    unmended = await _mend(stage, reckoning)
    return Outcome(stage, reckoning, seconds, settled_in, unmended)


async def _settle(stage: Stage) -> None:
    await stage.up.wait()
    await stage.seen(lambda: stage.rows(_LEFT)[0]["left"] == 0, SETTLE_SECONDS)


async def _mend(stage: Stage, reckoning: Reckoning) -> int:
    """People click on the copies of cards that Callgate does not know; returns how many stay as they were.

    The click may be an approval, which sets the call going: then somebody clicks again when it has ended.
    """
    copies = [copy for copy in reckoning.copies if copy.buttons and not copy.deleted]
    for _ in range(MAX_CLICKS):
        for copy in (stale for stale in _stale(stage, copies) if stale.buttons):
            await stage.bob.click(copy, copy.buttons[0])
        await stage.seen(lambda: not _stale(stage, copies), 3.0)
        await _settle(stage)
    return len(_stale(stage, copies))


def _stale(stage: Stage, copies: list[Message]) -> list[Message]:
    requests = {request.id: request for request in Books(stage.database).requests}
    return [copy for copy in copies if not agrees(requests[str(card_of(copy))], copy)]


def _standing(stage: Stage) -> str:
    rows = stage.rows("SELECT status, count(*) AS many FROM call_requests GROUP BY status")
    told = ", ".join(f"{row['many']} {row['status']}" for row in rows)
    return f"{len(stage.deaths)} kills, {len(stage.polyai.posts)} POSTs; {told}"
