"""The suppression list in the database. Everything runs in the caller's transaction.

A number that was forgotten stands on it as its hash, and is not called any more than the others.
The record has keyed hashes of the numbers (number_hashes.py), and each row names the event that
recorded it, so that `audit verify` finds what was put on the list, or taken off, around the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from bot.domain import suppression
from bot.domain.call_request import CallRequest
from bot.domain.errors import Refused
from bot.domain.events import Event
from bot.domain.suppression import UNDER_WAY, WAITING, Removal, Suppressed
from storage import installation
from storage.calls import moves
from storage.record.number_hashes import NumberHashes, digest, forgotten
from storage.rows import to_column, to_request

_INSERT = (
    "INSERT INTO suppressions (number, why, added_by, added_at, call_request_id, audit_event_id)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_OF_NUMBER = "FROM suppressions WHERE number = ?"
_ENTRIES = (
    "SELECT s.number, s.why, s.added_by, s.added_at, r.asked_by"
    " FROM suppressions s LEFT JOIN suppression_removals r ON r.number = s.number"
)


@dataclass(frozen=True)
class Entry:
    """One number on the list: E.164, or `sha256:` and the hash of that. `added_at` is ISO 8601.

    `removal_asked_by` is who wants it off the list, if somebody does.
    """

    number: str
    why: str
    added_by: str
    added_at: str
    removal_asked_by: str | None


def is_suppressed(db: Database, number: str) -> bool:
    """Whether that number (E.164) must not be called."""
    return _listed(db, number) is not None


def entries(db: Database) -> Iterator[Entry]:
    """The whole list, in the order of the numbers, one at a time."""
    return (Entry(*row) for row in db.execute(f"{_ENTRIES} ORDER BY s.number"))


def newest(db: Database, limit: int) -> list[Entry]:
    """What was put on the list last, newest first."""
    rows = db.execute(f"{_ENTRIES} ORDER BY s.added_at DESC, s.number LIMIT ?", [limit])
    return [Entry(*row) for row in rows]


def count(db: Database) -> int:
    """How many numbers are on the list."""
    return db.table("suppressions").count


def add(db: Database, number: str, why: str, by: str, at: datetime) -> Suppressed:
    """Put a number on the list and cancel what waits to call it; one that is on it stays as it is."""
    new = _is_new(db, number)
    cancelled = _cancel(db, _waiting(db, "to_number = ?", number), by, at)
    if new:
        details = {"cancelled": cancelled, "number": NumberHashes(db).of(number)}
        event = moves.record(db, None, Event.SUPPRESSED, by, at, None, None, details)
        db.execute(_INSERT, [number, why, by, to_column(at), None, event])
    return Suppressed(new, cancelled, _under_way(db, number))


def add_called(db: Database, request: CallRequest, by: str, at: datetime) -> Suppressed:
    """The same for the recipient of a finished call, whose thread is told.

    Raises:
        TooLate: there was no call, or it has not ended.
    """
    number = request.to_number
    cancelled = _cancel(db, _waiting(db, "to_number = ?", number), by, at)
    move = suppression.ask_to_stop(request, by, at, cancelled)
    new = _is_new(db, number)
    if new:
        details = {**move.details, "number": NumberHashes(db).of(number)}
        event = moves.apply(db, request, replace(move, details=details))
        db.execute(_INSERT, [number, "They asked us to stop.", by, to_column(at), request.id, event])
    return Suppressed(new, cancelled, _under_way(db, number))


def add_many(db: Database, numbers: Iterable[tuple[str, str]], by: str, at: datetime) -> int:
    """Put numbers on the list, each with its reason; returns how many were new. Cancels nothing yet."""
    new = {number: why for number, why in numbers if _listed(db, number) is None}
    if new:
        hashes = NumberHashes(db)
        details = {"numbers": len(new), "list_sha256": digest(map(hashes.of, new))}
        event = moves.record(db, None, Event.SUPPRESSED, by, at, None, None, details)
        rows = ((number, why, by, to_column(at), None, event) for number, why in new.items())
        db.conn.executemany(_INSERT, rows)
    return len(new)


def cancel_suppressed(db: Database, by: str, at: datetime) -> int:
    """Cancel every request that waits to call a number on the list; returns how many there were."""
    found = [request for request in _waiting(db) if is_suppressed(db, request.to_number)]
    return _cancel(db, found, by, at)


def ask_removal(db: Database, number: str, why: str, by: str, at: datetime) -> Removal:
    """Somebody wants the number off the list, which takes a second person.

    Raises:
        Refused: it is not on the list, or somebody asked already.
    """
    listed = _found(db, number)
    new = int(installation.read(db, installation.LAST_REMOVAL) or 0) + 1
    asked = suppression.ask_removal(_removal(db, listed), new, by, why, at)
    installation.write(db, installation.LAST_REMOVAL, str(new))
    columns = {"id": asked.id, "why": asked.why, "asked_by": asked.asked_by, "asked_at": to_column(at)}
    db.table("suppression_removals").upsert({"number": listed, **columns}, pk="number")
    details = {"number": NumberHashes(db).of(listed)}
    moves.record(db, None, Event.REMOVAL_ASKED, by, at, None, None, details)
    return asked


def remove(db: Database, number: str, removal: int, by: str, at: datetime) -> Removal:
    """Take a number off the list, as somebody else asked for in that removal, which is returned.

    Raises:
        Refused: it is not on the list, or the removal does not wait for this person.
    """
    listed = _found(db, number)
    asked = suppression.agree(_removal(db, listed), removal, by, at)
    (listed_by,) = db.execute(f"SELECT audit_event_id {_OF_NUMBER}", [listed]).fetchone()
    details = {"number": NumberHashes(db).of(listed), "listed_by": listed_by}
    db.execute(f"DELETE {_OF_NUMBER}", [listed])
    moves.record(db, None, Event.UNSUPPRESSED, by, at, None, None, details)
    return asked


def forget(db: Database, number: str) -> bool:
    """Keep only the hash of a number; says whether it is on the list, where it goes on not to be called."""
    sql = "UPDATE suppressions SET number = ?, why = 'forgotten' WHERE number = ?"
    db.execute("UPDATE suppression_removals SET why = 'forgotten' WHERE number = ?", [number])
    db.execute(sql, [forgotten(number), number])
    return is_suppressed(db, number)


def _is_new(db: Database, number: str) -> bool:
    """Whether it is not on the list yet. Who asks again to be on it does not agree to be taken off it."""
    listed = _listed(db, number)
    db.execute("DELETE FROM suppression_removals WHERE number = ?", [listed])
    return listed is None


def _listed(db: Database, number: str) -> str | None:
    """How the number stands on the list."""
    sql = "SELECT number FROM suppressions WHERE number IN (?, ?)"
    row = db.execute(sql, [number, forgotten(number)]).fetchone()
    return None if row is None else str(row[0])


def _found(db: Database, number: str) -> str:
    listed = _listed(db, number)
    if listed is None:
        raise Refused("That number is not on the suppression list.")
    return listed


def _removal(db: Database, listed: str) -> Removal | None:
    sql = "SELECT id, asked_by, asked_at, why FROM suppression_removals WHERE number = ?"
    row = db.execute(sql, [listed]).fetchone()
    return None if row is None else Removal(row[0], row[1], datetime.fromisoformat(row[2]), row[3])


def _waiting(db: Database, where: str = "1", *values: str) -> list[CallRequest]:
    """Requests that wait for their approval or their dial; each status has an index of its own."""
    each = [f"SELECT * FROM call_requests WHERE status = '{status}' AND {where}" for status in WAITING]
    return [to_request(row) for row in db.query(" UNION ALL ".join(each), [*values, *values])]


def _cancel(db: Database, requests: list[CallRequest], by: str, at: datetime) -> int:
    for request in requests:
        moves.apply(db, request, suppression.cancel(request, by, at))
    return len(requests)


def _under_way(db: Database, number: str) -> int:
    statuses = ", ".join(f"'{status}'" for status in UNDER_WAY)
    return db.table("call_requests").count_where(f"to_number = ? AND status IN ({statuses})", [number])
