"""The audit chain: every way to tamper with the record is found, and the event is named."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlite_utils

from bot.domain.approval import deny
from bot.domain.audit_event import GENESIS, AuditEvent
from bot.domain.errors import Misconfigured, TooLate
from storage.calls.store import SqliteCallStore
from storage.database.opening import read_only
from storage.database.threads import Database
from storage.migrations import migrations
from storage.record import audit_events
from storage.record.chain_check import Head, Report, Wrong, check
from tests.support.clock import START
from tests.support.old_database import old_database
from tests.support.requests import a_request, as_it_is, claim, yes

DAY = timedelta(days=1)
TEXTS = (
    "call_request_id",
    "at",
    "actor",
    "event",
    "status_before",
    "status_after",
    "previous_sha256",
    "sha256",
)


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A record of six events."""
    path = tmp_path / "callgate.db"
    database = Database(path)
    store = SqliteCallStore(database, lambda _: None)
    for _ in range(2):
        request = await store.add(a_request(), as_it_is)
        await store.change(request.id, lambda r, _: yes(r))
        await store.change(request.id, lambda r, _: claim(r))
    database.close()
    return path


def report(path: Path, kept: Head | None = None) -> Report:
    with read_only(path) as db:
        return check(audit_events.events(db), kept)


def found(path: Path, kept: Head | None = None) -> list[tuple[int, Wrong]]:
    return [(fault.event, fault.wrong) for fault in report(path, kept).faults]


def tamper(path: Path, *statements: str) -> None:
    """Change the record as somebody would who has the file: the triggers are dropped first."""
    with closing(sqlite3.connect(path)) as connection:
        for verb in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS audit_events_no_{verb}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def rewrite(path: Path, number: int, change: Callable[[AuditEvent], AuditEvent]) -> None:
    """Change an event and make its own hash fit."""
    event = change(event_of(path, number))
    columns = ", ".join(f"{column} = ?" for column in audit_events.COLUMNS)
    values = [*vars(replace(event, sha256=event.hashed())).values(), number]
    tamper(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE audit_events SET {columns} WHERE id = ?", values)
        connection.commit()


def event_of(path: Path, number: int) -> AuditEvent:
    with read_only(path) as db:
        return next(event for event in audit_events.events(db) if event.id == number)


async def test_a_whole_chain_has_no_fault(path: Path) -> None:
    """What Callgate writes is a chain from the first event to the last, without a gap."""
    seen = report(path)
    assert seen.faults == () and seen.head == Head(6, event_of(path, 6).sha256)
    assert event_of(path, 1).previous_sha256 == GENESIS


async def test_the_hash_is_what_the_documentation_says(path: Path) -> None:
    """Anybody can compute it from the nine stored values, without our code."""
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute(
            "SELECT previous_sha256, id, call_request_id, at, actor, event, status_before, status_after,"
            " details, sha256 FROM audit_events WHERE id = 2"
        ).fetchone()
    text = json.dumps(row[:-1], separators=(",", ":"))
    assert hashlib.sha256(text.encode("ascii")).hexdigest() == row[-1]


@pytest.mark.parametrize("number", [1, 3, 6])
@pytest.mark.parametrize("column", TEXTS)
async def test_a_changed_column_is_found(path: Path, column: str, number: int) -> None:
    """Whichever column of whichever event is changed, that event is named, and no other."""
    tamper(path, f"UPDATE audit_events SET {column} = 'x' || coalesce({column}, '') WHERE id = {number}")
    assert found(path) == [(number, Wrong.CHANGED)]


@pytest.mark.parametrize("details", ["'{}'", "'{ }'", "x'7b7d'"])
async def test_changed_details_are_found(path: Path, details: str) -> None:
    """The details are hashed as the text they are, and bytes in their place are no text."""
    tamper(path, f"UPDATE audit_events SET details = {details} WHERE id = 2")
    assert found(path) == [(2, Wrong.CHANGED)]


async def test_text_that_cannot_be_read_is_found(path: Path) -> None:
    """Bytes that are no UTF-8 do not stop the check."""
    tamper(path, "UPDATE audit_events SET actor = CAST(x'ff' AS TEXT) WHERE id = 2")
    assert found(path) == [(2, Wrong.CHANGED)]


async def test_null_and_empty_are_not_the_same(path: Path) -> None:
    """An event without a status before it has none, not an empty one."""
    tamper(path, "UPDATE audit_events SET status_before = '' WHERE id = 1")
    assert found(path) == [(1, Wrong.CHANGED)]


async def test_a_changed_number_is_found(path: Path) -> None:
    """An event with another number leaves a gap and is in the wrong place."""
    tamper(path, f"UPDATE audit_events SET id = {2**62} WHERE id = 6")
    assert found(path) == [(6, Wrong.MISSING_UP_TO), (2**62, Wrong.CHANGED)]


@pytest.mark.parametrize("number", [1, 3, 5])
async def test_a_deleted_event_is_missing(path: Path, number: int) -> None:
    """A gap in the numbers is an event that was deleted."""
    tamper(path, f"DELETE FROM audit_events WHERE id = {number}")
    assert found(path) == [(number, Wrong.MISSING)]


async def test_a_gap_that_was_closed_is_found(path: Path) -> None:
    """Where the events after a deleted one were renumbered, they are in the wrong places."""
    tamper(path, "DELETE FROM audit_events WHERE id = 4", "UPDATE audit_events SET id = id - 1 WHERE id > 4")
    assert found(path) == [(4, Wrong.MOVED), (5, Wrong.MOVED)]
    assert "Event 4 is in the wrong place: it was recorded as event 5." in report(path).faults[0].sentence


async def test_swapped_events_are_named_with_their_places(path: Path) -> None:
    """Two events that changed places are both named, each with the other."""
    tamper(
        path,
        "UPDATE audit_events SET id = -1 WHERE id = 2",
        "UPDATE audit_events SET id = 2 WHERE id = 5",
        "UPDATE audit_events SET id = 5 WHERE id = -1",
    )
    faults = report(path).faults
    assert [(fault.event, fault.wrong, fault.other) for fault in faults] == [
        (2, Wrong.MOVED, 5),
        (5, Wrong.MOVED, 2),
    ]


async def test_an_inserted_event_is_found(path: Path) -> None:
    """An event put between two others moves those behind it, and is itself not as recorded."""
    copied = ", ".join(column for column in audit_events.COLUMNS if column != "id")
    tamper(
        path,
        "UPDATE audit_events SET id = -id - 1 WHERE id > 2",
        "UPDATE audit_events SET id = -id WHERE id < 0",
        f"INSERT INTO audit_events (id, {copied}) SELECT 3, {copied} FROM audit_events WHERE id = 2",
    )
    assert [number for number, _ in found(path)] == [3, 4, 5, 6, 7]


async def test_an_event_before_the_first_was_added(path: Path) -> None:
    """Events are numbered from 1; one below that was never recorded."""
    copied = ", ".join(column for column in audit_events.COLUMNS if column != "id")
    tamper(path, f"INSERT INTO audit_events (id, {copied}) SELECT 0, {copied} FROM audit_events WHERE id = 1")
    assert (0, Wrong.ADDED) in found(path)


@pytest.mark.parametrize("number", [1, 3, 5])
async def test_an_event_whose_hash_was_made_to_fit_is_found(path: Path, number: int) -> None:
    """The event after it still carries the hash of the one that was there."""
    rewrite(path, number, lambda event: replace(event, actor="U0MALLORY"))
    assert found(path) == [(number, Wrong.REPLACED)]


async def test_a_first_event_that_follows_something_was_changed(path: Path) -> None:
    """Before the first event there is nothing."""
    rewrite(path, 1, lambda event: replace(event, previous_sha256="1" * 64))
    assert (1, Wrong.CHANGED) in found(path)


async def test_a_cut_off_tail_is_found_by_the_kept_head_only(path: Path) -> None:
    """The chain alone is whole without its newest events; the head that was kept elsewhere tells."""
    kept = report(path).head
    tamper(path, "DELETE FROM audit_events WHERE id > 4")
    assert found(path) == []
    assert [fault.sentence for fault in report(path, kept).faults] == [
        "Event 5 and all after it up to event 6 are missing."
    ]


async def test_a_record_written_anew_is_found_by_the_kept_head_only(path: Path) -> None:
    """Who rewrites the last event with its hash leaves a whole chain, but not the head that was kept."""
    kept = report(path).head
    rewrite(path, 6, lambda event: replace(event, actor="U0MALLORY"))
    assert found(path) == []
    assert found(path, kept) == [(6, Wrong.NOT_KEPT)]


async def test_a_kept_head_still_fits_when_the_record_has_grown(path: Path) -> None:
    """The head of yesterday is an event in the middle today."""
    fourth = event_of(path, 4)
    assert found(path, Head(4, fourth.sha256)) == []
    assert found(path, Head(4, "0" * 64)) == [(4, Wrong.NOT_KEPT)]


async def test_an_empty_record_is_whole(tmp_path: Path) -> None:
    """Before the first request there is a chain of nothing."""
    Database(tmp_path / "callgate.db").close()
    assert report(tmp_path / "callgate.db") == Report(Head(0, GENESIS), ())


async def test_what_was_undone_leaves_no_gap(tmp_path: Path) -> None:
    """A refused change among others in the same commit takes its event back and no number with it."""
    database = Database(tmp_path / "callgate.db")
    store = SqliteCallStore(database, lambda _: None)
    request = await store.add(a_request(), as_it_is)
    await store.change(request.id, lambda r, _: deny(r, "U0BOB", "no", START))
    with pytest.raises(TooLate):
        await store.change(request.id, lambda r, _: deny(r, "U0BOB", "not again", START))
    await store.add(a_request(), as_it_is)
    database.close()
    seen = report(tmp_path / "callgate.db")
    assert seen.faults == () and seen.head.count == 3


@pytest.fixture
def old(tmp_path: Path) -> Iterator[sqlite_utils.Database]:
    """A database from before there was a chain, with three events."""
    db = old_database(tmp_path / "old.db", before="m0005_audit_chain")
    db.execute("PRAGMA foreign_keys = OFF")
    for number in range(1, 4):
        db.execute(
            "INSERT INTO audit_events (call_request_id, at, actor, event, status_after, details)"
            f" VALUES ('CR-1', 'now', 'U0ALICE', 'submitted', 'pending_approval', '{{\"n\":{number}}}')"
        )
    yield db
    db.close()


def test_events_from_before_the_chain_are_chained(old: sqlite_utils.Database) -> None:
    """The migration chains what is there, and the record can only be added to as before."""
    migrations.apply(old)
    seen = check(audit_events.events(old))
    assert seen.faults == () and seen.head.count == 3
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        old.execute("UPDATE audit_events SET actor = 'x'")


def test_an_old_database_is_told_from_a_current_one(old: sqlite_utils.Database, tmp_path: Path) -> None:
    """A record that has no chain yet is not called tampered with."""
    with pytest.raises(Misconfigured, match="older than this Callgate"), read_only(tmp_path / "old.db"):
        pass


async def test_a_database_is_read_while_it_is_written(path: Path) -> None:
    """Looking into the database of a running bot works, sees what is committed, and changes nothing."""
    database = Database(path)
    await SqliteCallStore(database, lambda _: None).add(a_request(), as_it_is)
    assert report(path).head.count == 7
    with pytest.raises(Misconfigured, match="readonly"), read_only(path) as db:
        db.execute("DELETE FROM outbox")
    database.close()


@pytest.mark.parametrize("content", [None, b"", b"this is no database at all, but it is long enough" * 3])
def test_what_is_no_database_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    """A wrong path is told in a sentence."""
    if content is not None:
        (tmp_path / "other").write_bytes(content)
    with pytest.raises(Misconfigured), read_only(tmp_path / "other"):
        pass
