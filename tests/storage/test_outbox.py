"""The outbox: what was sent is not opened again, and what people wait for goes first."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import approval, placement
from bot.domain.call_request import CallRequest
from storage.calls.store import SqliteCallStore
from storage.database.threads import Database
from storage.outbox.outbox import Outbox
from tests.support.clock import START
from tests.support.requests import a_request, as_it_is, claim, yes


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "callgate.db")
    yield database
    database.close()


async def test_a_parcel_that_was_sent_meanwhile_is_empty(database: Database) -> None:
    """It was read from the outbox just before it was recorded as sent: nothing of it is sent again."""
    outbox = Outbox(database)
    await SqliteCallStore(database, lambda _: None).add(a_request(), as_it_is)
    (item,) = await outbox.pending(START)
    await outbox.card_shown(item, "1.2", "0" * 64, START)
    assert await outbox.details(item) is None


async def test_what_people_wait_for_goes_first(database: Database) -> None:
    """In each lane of Slack's limits: a card to decide on, then ends and doubts, then the rest by age."""
    store, outbox = SqliteCallStore(database, lambda _: None), Outbox(database)

    async def shown() -> CallRequest:
        request = await store.add(a_request(), as_it_is)
        (card,) = await outbox.pending(START)
        await outbox.card_shown(card, f"{request.id}.1", "0" * 64, START)
        return request

    async def approved(request: CallRequest) -> None:
        await store.change(request.id, lambda r, _: yes(r))

    running, doubtful, ended = [await shown() for _ in range(3)]
    for request in (running, doubtful):
        await approved(request)
    await store.change(doubtful.id, lambda r, _: claim(r))
    await store.change(doubtful.id, lambda r, _: placement.abandon(r, START))
    await store.change(ended.id, lambda r, _: approval.cancel(r, r.requester, START))
    new = await store.add(a_request(), as_it_is)

    waiting = await outbox.pending(START)
    lanes = {item.lane: [] for item in waiting}
    for item in waiting:
        lanes[item.lane].append(item.call_request_id)
    assert lanes == {
        "edit": [doubtful.id, ended.id, running.id],
        "post C0CALLS": [new.id, doubtful.id, ended.id, running.id],
    }


async def test_new_cards_take_turns_between_those_who_asked(database: Database) -> None:
    """However many one person's are: everybody's next comes before anybody's next but one, one at a time."""
    store, outbox = SqliteCallStore(database, lambda _: None), Outbox(database)
    asked = ["U0ALICE"] * 40 + ["U0BOB"] * 3 + ["U0CAROL"]
    for requester in asked:
        await store.add(a_request(requester=requester), as_it_is)
    assert await _shown(outbox, 8) == [
        *("U0ALICE", "U0BOB", "U0CAROL"),
        *("U0ALICE", "U0BOB", "U0ALICE", "U0BOB", "U0ALICE"),
    ]
    await store.add(a_request(requester="U0CAROL"), as_it_is)
    await store.add(a_request(requester="U0DAVE"), as_it_is)
    assert await _shown(outbox, 4) == ["U0DAVE", "U0CAROL", "U0ALICE", "U0ALICE"]


async def test_of_new_cards_that_may_be_sent_together_each_is_somebody_elses(database: Database) -> None:
    """Where the lane lets several through at once, before any of them is recorded as sent."""
    store, outbox = SqliteCallStore(database, lambda _: None), Outbox(database)
    for requester in ["U0ALICE"] * 30 + ["U0BOB", "U0CAROL"]:
        await store.add(a_request(requester=requester), as_it_is)
    first = [item.requester for item in await outbox.pending(START)][:4]
    assert first == ["U0ALICE", "U0BOB", "U0CAROL", "U0ALICE"]


async def test_a_card_that_is_not_due_gives_up_its_turn(database: Database) -> None:
    """One that Slack did not take has its requester's next in its place."""
    store, outbox = SqliteCallStore(database, lambda _: None), Outbox(database)
    for requester in ["U0ALICE", "U0ALICE", "U0BOB"]:
        await store.add(a_request(requester=requester), as_it_is)
    (first, *_) = await outbox.pending(START)
    await outbox.retry(first, START + timedelta(minutes=1), "busy")
    places = [(item.requester, item.due_at > START) for item in await outbox.pending(START)]
    assert places == [("U0ALICE", False), ("U0BOB", False), ("U0ALICE", True)]


async def _shown(outbox: Outbox, many: int) -> list[str | None]:
    """Whose cards go out, where each is recorded before the next is looked for."""
    whose = []
    for _ in range(many):
        item = (await outbox.pending(START))[0]
        await outbox.card_shown(item, f"{time.time_ns() / 1e9:.6f}", "0" * 64, START)
        whose.append(item.requester)
    return whose
