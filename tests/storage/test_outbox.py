"""The outbox: what was sent is not opened again, and what people wait for goes first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain import approval, placement
from bot.domain.call_request import CallRequest
from storage.call_store import SqliteCallStore
from storage.database import Database
from storage.outbox import Outbox
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
    (parcel,) = await outbox.pending(START)
    await outbox.card_shown(parcel, "1.2", "0" * 64, START)
    assert await outbox.contents(parcel) is None


async def test_what_people_wait_for_goes_first(database: Database) -> None:
    """In each lane of Slack's limits: a card to decide on, then ends and doubts, then the rest by age."""
    store, outbox = SqliteCallStore(database, lambda _: None), Outbox(database)

    async def shown() -> CallRequest:
        request = await store.add(a_request(), as_it_is)
        (card,) = await outbox.pending(START)
        await outbox.card_shown(card, f"{request.id}.1", "0" * 64, START)
        return request

    async def approved(request: CallRequest) -> None:
        await store.change(
            request.id,
            yes,
        )

    running, doubtful, ended = [await shown() for _ in range(3)]
    for request in (running, doubtful):
        await approved(request)
    await store.change(doubtful.id, claim)
    await store.change(doubtful.id, lambda r: placement.abandon(r, START))
    await store.change(ended.id, lambda r: approval.cancel(r, r.requester, START))
    new = await store.add(a_request(), as_it_is)

    waiting = await outbox.pending(START)
    lanes = {parcel.lane: [] for parcel in waiting}
    for parcel in waiting:
        lanes[parcel.lane].append(parcel.call_request_id)
    assert lanes == {
        "edit": [doubtful.id, ended.id, running.id],
        "post C0CALLS": [new.id, doubtful.id, ended.id, running.id],
    }
