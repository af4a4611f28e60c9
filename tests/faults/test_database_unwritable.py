"""The disk is full, or somebody else has the file: nothing is done twice, nothing is lost, and it is said."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from sandbox.polyai import faults as polyai_faults
from sandbox.slack import faults
from tests.support.full_disk import full_log
from tests.support.world import World


@contextmanager
def locked_file(database: Path) -> Iterator[None]:
    """Another program keeps the file to itself."""
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


Trouble = Callable[[Path], AbstractContextManager[None]]
TROUBLES = pytest.mark.parametrize("trouble", [full_log, locked_file])


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locked file is not waited for; it is tried again soon."""
    monkeypatch.setattr("storage.database.opening._PRAGMAS", ("busy_timeout = 50", "foreign_keys = ON"))
    monkeypatch.setattr("storage.database.threads._LONGEST_PAUSE", 0.3)


@TROUBLES
async def test_a_card_is_posted_once(world: World, trouble: Trouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Slack has done is remembered until it can be written: the card is there once, and is known."""
    impatient(monkeypatch)
    await world.start()
    world.slack.faults.add("chat.postMessage", faults.late_answer(0.6))
    await world.ask()
    with trouble(world.database):
        await world.until(lambda: "database_unwritable" in world.logs.text)
        status, parts = await world.readiness()
        assert status == 503 and "cannot be written" in parts["database"]
        await world.clock.sleep(60)
        await world.until(lambda: world.logs.text.count("database_unwritable") == 1)
        assert world.rows("SELECT card_ts FROM call_requests") == [{"card_ts": None}]
    await world.until(lambda: world.rows("SELECT 1 FROM call_requests WHERE card_ts IS NOT NULL"))
    assert len(world.cards()) == 1
    assert (await world.readiness())[0] == 200


@TROUBLES
async def test_polyais_answer_is_kept(
    world: World, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call_sid that cannot be written yet is written later; the phone rings once."""
    impatient(monkeypatch)
    await world.start()
    card = await world.ask()
    world.polyai.faults.add("place", polyai_faults.late_answer(0.6))
    await world.bob.click(card, "approve")
    await world.until(lambda: world.polyai.calls)
    with trouble(world.database):
        await world.until(lambda: "database_unwritable" in world.logs.text)
        assert world.rows("SELECT status FROM call_requests") == [{"status": "dialing"}]
    await world.told(card, "Call placed")
    assert len(world.polyai.calls) == 1


@TROUBLES
async def test_a_person_is_told(world: World, trouble: Trouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """A click that cannot be written changes nothing, and whoever clicked reads why; then it works."""
    impatient(monkeypatch)
    await world.start()
    card = await world.ask()
    await world.until(lambda: not world.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
    with trouble(world.database):
        await world.bob.click(card, "approve")
        await world.hears(world.bob, "cannot write its database")
        assert not world.polyai.calls
    await world.bob.click(card, "approve")
    await world.told(card, "Call placed")


async def test_failing_work_is_tried_ever_more_seldom(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An approved call that cannot be claimed writes a handful of lines to the log, not dozens a second."""
    impatient(monkeypatch)
    await world.start()
    card = await world.ask(not_before_date="2026-08-24", not_before_time="12:00")
    await world.bob.click(card, "approve")
    await world.told(card, "It waits")
    await world.until(lambda: not world.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
    lines = len(world.logs.lines)
    with locked_file(world.database):
        world.clock.jump(hours=2)
        await world.until(lambda: "task_failed" in world.logs.text)
        await asyncio.sleep(2)
        assert len(world.logs.lines) - lines < 12
    await world.told(card, "Call placed")
