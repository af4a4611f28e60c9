"""What was kept long enough is deleted, what is still needed is not, and the bytes leave the file."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ask import Purpose
from bot.domain.call_request import CallRequest
from bot.domain.move import CALLGATE
from bot.domain.phone_number import calling_code
from bot.domain.policy.record_keeping import Keeping, kept_until
from storage.database.opening import read_only
from storage.database.threads import Database
from storage.record import audit_events
from storage.record.chain_check import check
from storage.retention import purge as purging
from storage.retention.forgetting import forget_request
from storage.retention.purge import Purged, Purges, due, last_activity, purge_some
from storage.rows import to_request
from tests.support.clock import START
from tests.support.finished import KEEPING, NUMBER, bytes_of, ended, put_all, rows
from tests.support.requests import a_request

OTHER = "+14155552671"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "callgate.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(path)
    yield database
    database.close()


async def purge(database: Database, path: Path, keeping: Keeping = KEEPING) -> Purged:
    purges, purged = Purges(database, path), Purged()
    while some := await purges.some(keeping, START):
        purged += some
    await purges.finish(START)
    return purged


async def stored(database: Database, request: CallRequest) -> CallRequest:
    sql = "SELECT * FROM call_requests WHERE id = ?"
    return await database.read(lambda db: to_request(next(db.query(sql, [request.id]))))


async def test_what_is_personal_goes_and_the_rest_stays(database: Database, path: Path) -> None:
    """Number, reason, metadata, payload, consent and answers go; who, when, what for and the hash stay."""
    old = ended(91, dialed=False)
    await put_all(database, old)
    assert await purge(database, path) == Purged(1, 1)
    left = await stored(database, old)
    assert (left.to_number, left.payload, left.metadata, left.why) == ("+1", b"", {}, "")
    assert (left.zone, left.consent_reference, left.end_reason, left.decision) == (None,) * 4
    assert old.also_open and left.also_open is None
    assert left.forgotten_at == START
    for kept in (
        "id",
        "status",
        "requester",
        "purpose",
        "region",
        "payload_sha256",
        "created_at",
        "ended_by",
    ):
        assert getattr(left, kept) == getattr(old, kept)


async def test_the_bytes_leave_the_file(database: Database, path: Path) -> None:
    """Neither the number nor a word about the person is in any of the database's files afterwards."""
    await put_all(database, ended(91, dialed=False), ended(2000))
    assert b"Paula" in bytes_of(path) and NUMBER.encode() in bytes_of(path)
    assert (await purge(database, path)).requests == 2
    assert b"Paula" not in bytes_of(path) and NUMBER[1:].encode() not in bytes_of(path)


async def test_the_bytes_leave_a_file_whose_pages_were_split(database: Database, path: Path) -> None:
    """Hundreds of rows that grew and moved about leave no copy of any deleted number either."""
    draw = random.Random(1)
    numbers = [f"+1617{draw.randrange(2_000_000, 9_999_999)}" for _ in range(300)]
    requests = [ended(91, dialed=False, number=n, why="w" * draw.randrange(300)) for n in numbers]
    await put_all(database, *requests)
    for request in draw.sample(requests, 200):
        grown = ["x" * draw.randrange(900), request.id]
        await database.write(
            lambda db, g=grown: db.execute("UPDATE call_requests SET why = ? WHERE id = ?", g)
        )
    assert (await purge(database, path)).requests == 300
    left = bytes_of(path)
    assert [number for number in numbers if number[1:].encode() in left] == []


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("dialed", [True, False])
async def test_the_last_day_is_kept(database: Database, path: Path, purpose: Purpose, dialed: bool) -> None:
    """To the microsecond: at the end of its time a request goes, and not before."""
    days = KEEPING.period(purpose, dialed=dialed) / timedelta(days=1)
    moment = timedelta(microseconds=1) / timedelta(days=1)
    gone = ended(days, dialed=dialed, purpose=purpose, number=OTHER)
    stays = ended(days - moment, dialed=dialed, purpose=purpose)
    await put_all(database, gone, stays)
    assert (await purge(database, path)).requests == 1
    assert (await stored(database, gone)).forgotten_at == START
    assert await stored(database, stays) == stays


async def test_the_queries_agree_with_the_rule(database: Database, path: Path) -> None:
    """Of many requests of every kind exactly those go whose `kept_until` has come."""
    draw = random.Random(7)
    requests = [
        ended(
            draw.choice([1, 89, 91, 1095, 1097, 1826, 1828, 3000]),
            dialed=draw.random() < 0.7,
            purpose=draw.choice(list(Purpose)),
            number=draw.choice([NUMBER, OTHER, "+442079460000"]),
        )
        for _ in range(120)
    ]
    await put_all(database, *requests)
    until = await database.read(
        lambda db: {r.id: kept_until(r, KEEPING, last_activity(db, r)) for r in requests}
    )
    await purge(database, path)
    gone = {row["id"] for row in rows(path, "SELECT id FROM call_requests WHERE forgotten_at IS NOT NULL")}
    assert gone == {request_id for request_id, end in until.items() if end <= START}
    assert 20 < len(gone) < 100


async def test_debts_are_kept_while_the_number_is_called_for_them(database: Database, path: Path) -> None:
    """An old call for a debt stays while a later one, finished or under way, is needed."""
    old = [ended(1200, purpose=Purpose.DEBT_COLLECTION, number=n) for n in (NUMBER, OTHER, "+442079460000")]
    later = ended(30, purpose=Purpose.DEBT_COLLECTION)
    under_way = ended(
        0, purpose=Purpose.DEBT_COLLECTION, number=OTHER, status="unconfirmed", finished_at=None
    )
    await put_all(database, *old, later, under_way)
    assert (await purge(database, path)).requests == 1
    left = [(await stored(database, each)).forgotten_at is None for each in old]
    assert left == [True, True, False]


async def test_what_is_under_way_is_never_deleted(database: Database, path: Path) -> None:
    """However old it is; and the schema would not let anybody."""
    waiting = a_request(created_at=START - timedelta(days=5000))
    await put_all(database, waiting)
    assert await purge(database, path) == Purged()
    with pytest.raises(sqlite3.IntegrityError, match="keeps its details"):
        await database.write(lambda db: forget_request(db, waiting, "callgate", START))
    assert await stored(database, waiting) == waiting


async def test_what_slack_is_still_to_be_told_is_waited_for(database: Database, path: Path) -> None:
    """A line that was not sent yet keeps its request, and its text."""
    old = ended(91, dialed=False)
    await put_all(database, old)
    unsent = "UPDATE outbox SET sent_at = NULL WHERE kind = 'thread'"
    await database.write(lambda db: db.execute(unsent))
    assert await purge(database, path) == Purged()
    assert "Paula" in rows(path, "SELECT data FROM outbox WHERE kind = 'thread'")[0]["data"]


async def test_told_messages_lose_their_text_and_keep_their_place(database: Database, path: Path) -> None:
    """After 30 days the text goes and the row with its timestamp stays; a day earlier both stay."""
    await put_all(database, ended(31), ended(29, number=OTHER))
    assert await purge(database, path) == Purged(0, 1)
    told = rows(path, "SELECT data, message_ts FROM outbox WHERE kind = 'thread' ORDER BY sent_at")
    assert told[0] == {"data": "{}", "message_ts": "1.2"} and "Paula" in told[1]["data"]


async def test_messages_of_an_open_request_keep_their_text(database: Database, path: Path) -> None:
    """What was said of a request that is still under way stays until it has ended."""
    await put_all(database, ended(31, status="unconfirmed", finished_at=None))
    await database.write(lambda db: db.execute("UPDATE outbox SET sent_at = '2020-01-01'"))
    assert await purge(database, path) == Purged()


async def test_it_says_what_it_would_do(database: Database, path: Path) -> None:
    """The count beforehand is what is deleted then, and nothing is due afterwards."""
    await put_all(database, *(ended(91, dialed=False) for _ in range(3)), ended(31), ended(1))
    counted = await database.read(lambda db: due(db, KEEPING, START))
    assert counted == Purged(3, 4)
    assert await purge(database, path) == counted
    assert await database.read(lambda db: due(db, KEEPING, START)) == Purged()


async def test_it_is_done_in_small_transactions(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each transaction takes a few rows and leaves its own event with its counts."""
    monkeypatch.setattr(purging, "MAX_AT_ONCE", 4)
    await put_all(database, *(ended(91, dialed=False) for _ in range(6)), *(ended(31) for _ in range(5)))
    assert (await purge(database, path)).requests == 6
    events = rows(path, "SELECT * FROM audit_events WHERE event = 'purged' ORDER BY id")
    assert len(events) >= 2 and all(event["call_request_id"] is None for event in events)
    assert events[0]["details"] == '{"requests": 4, "messages": 4}' and events[0]["actor"] == CALLGATE


async def test_the_chain_still_holds(database: Database, path: Path) -> None:
    """The record is not touched by what is deleted, and names no number."""
    await put_all(database, ended(91, dialed=False), ended(2000))
    await purge(database, path)
    with read_only(path) as db:
        events = list(audit_events.events(db))
    assert check(events).faults == () and events[-1].event == "purged"
    assert all(NUMBER[1:] not in event.details and "Paula" not in event.details for event in events)


async def test_looking_for_what_is_due_reads_no_whole_table(database: Database) -> None:
    """A million finished calls cost nothing: each query goes by an index."""
    for sql, values in [*purging._due_requests(KEEPING, START)]:
        plan = await database.read(
            lambda db, s=sql, v=values: [
                row[3] for row in db.execute("EXPLAIN QUERY PLAN " + s.format(what="id"), v)
            ]
        )
        assert plan[0].startswith("SEARCH r USING INDEX call_requests_to_forget"), plan
        assert not any(step.startswith("SCAN") for step in plan), plan
    messages = purging._MESSAGES.format(what="id")
    plan = await database.read(
        lambda db: [r[3] for r in db.execute("EXPLAIN QUERY PLAN " + messages, {"before": "2026"})]
    )
    assert plan[0].startswith("SEARCH o USING INDEX outbox_told"), plan


@pytest.mark.parametrize(
    ("number", "code"), [(NUMBER, "+1"), ("+442079460000", "+44"), ("+35314901234", "+353")]
)
def test_of_a_number_its_calling_code_stays(number: str, code: str) -> None:
    """Which is not the country for +1, and no more than that."""
    assert calling_code(number) == code


async def test_nothing_due_is_nothing_written(database: Database, path: Path) -> None:
    """The first purge of an empty database leaves no event, and remembers when it was done."""
    assert not await database.write(lambda db: purge_some(db, KEEPING, CALLGATE, START))
    await purge(database, path)
    assert rows(path, "SELECT count(*) AS n FROM audit_events") == [{"n": 0}]
    assert await Purges(database, path).last() == START
