"""The outbox: what was sent is not opened again."""

from __future__ import annotations

from pathlib import Path

from storage.call_store import SqliteCallStore
from storage.database import Database
from storage.outbox import Outbox
from tests.support.clock import START
from tests.support.requests import a_request, as_it_is


async def test_a_parcel_that_was_sent_meanwhile_is_empty(tmp_path: Path) -> None:
    """It was read from the outbox just before it was recorded as sent: nothing of it is sent again."""
    database = Database(tmp_path / "callgate.db")
    outbox = Outbox(database)
    await SqliteCallStore(database, lambda _: None).add(a_request(), as_it_is)
    (parcel,) = await outbox.pending(START)
    await outbox.card_shown(parcel, "1.2", "0" * 64, START)
    assert await outbox.contents(parcel) is None
    database.close()
