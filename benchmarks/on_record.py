"""Databases with many calls on record: one call that really went its way through the store, copied.

What a call leaves behind is what the store wrote for it, whatever that is by now. Only the hashes of the
copies' audit events are not a chain.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.use_cases import Office
from bot.domain.call_request import new_request_id
from storage.database.threads import Database
from storage.outbox.outbox import Outbox
from storage.rows import to_column

IN_PROGRESS = ("queued",)
FINISHED = ("queued", "ringing", "succeeded")

_ABOUT_CALLS = (
    "SELECT t.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c"
    " WHERE t.type = 'table' AND c.name = 'call_request_id'"
)
_OFF = ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "ignore_check_constraints = ON")
"""Nobody uses the file yet, and the rows have been checked where they come from."""

_OWN = {
    "id": "copies.id",
    "to_number": "printf('+1617%07d', copies.n % 5000000)",
    "form_id": "'V' || copies.id",
    "call_sid": "'OUT-' || substr(copies.id, 4)",
    "placed_at": "copies.placed_at",
}
"""The columns of a call request in which a copy is not like its model."""


async def record(path: Path, count: int, statuses: Sequence[str]) -> None:
    """A new database with so many calls, each placed, of which PolyAI told so much, and Slack all."""
    database = Database(path)
    try:
        await _live(database, statuses)
    finally:
        database.close()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        _copy(db, count - 1)


async def _live(database: Database, statuses: Sequence[str]) -> None:
    office = Office(database)
    for step in (office.submit, office.approve, office.dial):
        await step()
    for status in statuses:
        await office.on_status(status)
    await _tell(Outbox(database), office.clock.now())
    await office.close()


async def _tell(outbox: Outbox, at: datetime) -> None:
    while items := await outbox.pending(at):
        for item in items:
            if item.kind == "card":
                await outbox.card_shown(item, "1770000000.000100", "0" * 64, at)
            else:
                await outbox.sent(item, "1770000000.000200", at)


def _copy(db: sqlite3.Connection, count: int) -> None:
    """Copy every row about the one call so often."""
    for pragma in _OFF:
        db.execute(f"PRAGMA {pragma}").fetchall()
    tables = [name for (name,) in db.execute(_ABOUT_CALLS).fetchall()]
    db.execute("BEGIN")
    db.execute("CREATE TEMP TABLE copies (n INTEGER PRIMARY KEY, id TEXT, placed_at TEXT)")
    db.executemany("INSERT INTO copies VALUES (?, ?, ?)", _copies(count))
    for table in tables:
        own = {"id": "copies.n * (SELECT count(*) FROM model) + model.id", "call_request_id": "copies.id"}
        _copy_rows(db, table, own)
    _copy_rows(db, "call_requests", _OWN)
    db.execute("COMMIT")
    db.execute("PRAGMA journal_mode = WAL")


def _copies(count: int) -> Iterator[tuple[int, str, str]]:
    """Number, id and time of placement, all of them within the last minute."""
    last, each = datetime.now(UTC), timedelta(minutes=1) / max(1, count)
    for n in range(1, count + 1):
        placed_at = last - (count - n) * each
        yield n, new_request_id(placed_at), to_column(placed_at)


def _copy_rows(db: sqlite3.Connection, table: str, own: dict[str, str]) -> None:
    columns = [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(own.get(column, f"model.{column}") for column in columns)
    names = ", ".join(columns)
    db.execute(f"CREATE TEMP TABLE model AS SELECT {names} FROM {table}")
    db.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM copies CROSS JOIN model")
    db.execute("DROP TABLE model")
