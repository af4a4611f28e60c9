"""SIGKILL at any moment: after the next start the same card and thread, and at most one call placed."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import faults as network
from sandbox.sandbox import Sandbox
from sandbox.slack.model import Message
from tests.support.form import FORM, NUMBER, unfold
from tests.support.process_world import ALWAYS_OPEN

ENDED = {"succeeded", "unconfirmed"}


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    named = {"CALLGATE_DATABASE": str(tmp_path / "callgate.db"), "CALLGATE_CALLING_WINDOWS": str(ALWAYS_OPEN)}
    sandbox = Sandbox({**os.environ, **named})
    sandbox.polyai.set_progress([(0.0, "queued", ""), (1.0, "calling", ""), (2.0, "success", "")])
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


def cards(sandbox: Sandbox) -> list[Message]:
    posted = sandbox.slack.workspace.messages.top_level(sandbox.channel.id)
    return [message for message in posted if message.user == sandbox.slack.bot_user_id]


def rows(sandbox: Sandbox, sql: str) -> list[Any]:
    connection = sqlite3.connect(sandbox.database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def calls(sandbox: Sandbox, method: str, user: str | None = None) -> int:
    log = sandbox.slack.log
    return sum(call.method == method and user in (None, call.args.get("user")) for call in log)


async def kill_when(sandbox: Sandbox, happened: Callable[[], Any]) -> None:
    """Kill the bot the moment something is seen outside of it, and start it again."""
    deadline = asyncio.get_running_loop().time() + 20
    while not happened():
        assert asyncio.get_running_loop().time() < deadline, "it never happened"
        await asyncio.sleep(0.001)
    assert sandbox.bot is not None
    await sandbox.bot.kill()
    await sandbox.start_bot()


MOMENTS: dict[str, Callable[[Sandbox], Any]] = {
    "the card is posted": lambda s: cards(s),
    "the approver is looked up": lambda s: calls(s, "users.info", s.bob.id),
    "the call is sent": lambda s: s.polyai.posts,
    "the call is placed": lambda s: s.polyai.calls,
    "the thread has its first line": lambda s: cards(s) and s.alice.thread(cards(s)[0]),
    "the thread has two lines": lambda s: cards(s) and len(s.alice.thread(cards(s)[0])) >= 2,
    "the call is followed": lambda s: any(call.polls for call in s.polyai.calls.values()),
    "the card is edited": lambda s: calls(s, "chat.update"),
}


_CHANGES = "SELECT status_after FROM audit_events WHERE call_request_id > '' AND event <> 'told' ORDER BY id"


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_kill_at_any_moment_changes_nothing(sandbox: Sandbox, moment: str) -> None:
    """Killed while this happens, the bot ends with one call at most, and card, thread and database agree."""
    killing = asyncio.create_task(kill_when(sandbox, lambda: MOMENTS[moment](sandbox)))
    await ask(sandbox)
    await sandbox.slack.until(lambda: cards(sandbox))
    if moment == "the card is posted":
        await killing
    await approve(sandbox)
    await killing
    await approve(sandbox)  # a click that died with the bot is made again
    await settled(sandbox)

    assert sandbox.polyai.rings(NUMBER) <= 1 and len(sandbox.polyai.posts) <= 1
    ((status,),) = rows(sandbox, "SELECT status FROM call_requests")
    shown = "Call connected" if status == "succeeded" else "a phone may be ringing"
    assert all(shown in card.plain for card in cards(sandbox)[-1:])
    thread = [line.plain for card in cards(sandbox) for line in sandbox.alice.thread(card)]
    assert "Approved by" in thread[0]
    after = rows(sandbox, _CHANGES)
    assert [status for (status,) in after][:2] == ["pending_approval", "approved"]


async def ask(sandbox: Sandbox) -> None:
    await sandbox.alice.type("/call", sandbox.channel)
    form = await sandbox.slack.until(lambda: sandbox.alice.modals and sandbox.alice.modals[-1])
    await unfold(sandbox.alice, form, FORM)
    await sandbox.slack.until(lambda: FORM.keys() <= form.state.keys())
    await sandbox.alice.submit(values=FORM)


async def approve(sandbox: Sandbox) -> None:
    for card in cards(sandbox)[:1]:
        if "approve" in card.buttons:
            await sandbox.bob.click(card, "approve")


async def settled(sandbox: Sandbox) -> None:
    """Wait until the request has ended and Slack was told everything."""
    left = "SELECT count(*) FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL"

    def done() -> bool:
        ((status,),) = rows(sandbox, "SELECT status FROM call_requests")
        return status in ENDED and rows(sandbox, left) == [(0,)]

    deadline = asyncio.get_running_loop().time() + 30
    while not done():
        assert asyncio.get_running_loop().time() < deadline, sandbox.slack.dump()
        await asyncio.sleep(0.05)


async def test_a_call_under_way_when_the_bot_is_killed_is_unconfirmed(sandbox: Sandbox) -> None:
    """The POST is out and unanswered when the bot dies: nothing is sent again, and a person decides."""
    sandbox.polyai.faults.add("place", network.hang())
    await ask(sandbox)
    await sandbox.slack.until(lambda: cards(sandbox))
    await approve(sandbox)
    await kill_when(sandbox, lambda: sandbox.polyai.posts)
    (card,) = cards(sandbox)
    await sandbox.slack.until(lambda: "a phone may be ringing" in card.plain, timeout=10)
    assert {"it_was_placed", "close_it"} <= set(card.buttons)
    await asyncio.sleep(1)
    assert len(sandbox.polyai.posts) == 1
