"""The database file: sound, of this version, writable, with room to grow."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from bot.domain.errors import CallgateError, Misconfigured
from bot.ops.doctor.finding import Finding, ok, wrong
from bot.ops.private_files import open_to_others
from storage.database.damage import damage
from storage.database.opening import read_only, refuse_other_releases
from storage.database.schema import unlike
from storage.record import audit_events
from storage.record.chain_check import check
from storage.record.row_check import check_rows

LEAST_FREE = 256 * 2**20
"""Bytes; a call takes a few thousand."""

_MAX_PROBLEMS = 5


def check_database(path: Path) -> Iterator[Finding]:
    """Every check of the file. It is only read, so the bot may be running."""
    yield _sound(path)
    yield _writable(path)
    if others := tuple(open_to_others(path)):
        yield wrong("private", "others on this machine can read these", "Type chmod go= for each.", others)
    else:
        yield ok("private", "only their owner can read the database and callgate.toml")
    yield _room(path)


def _sound(path: Path) -> Finding:
    if not path.exists():
        return wrong(
            "database", f"{path} is not there", "Make it with callgate init, or set CALLGATE_DATABASE."
        )
    try:
        with read_only(path, any_release=True) as db:
            return _damage(path, db) or _version(path, db) or _schema(path, db) or _record(path, db)
    except CallgateError as error:
        return wrong("database", error.sentence, "Restore it from a backup, or let the bot's user read it.")


def _damage(path: Path, db: Database) -> Finding | None:
    problems = damage(db) + [
        f"row {row[1]} of {row[0]} refers to nothing" for row in db.execute("PRAGMA foreign_key_check")
    ]
    if not problems:
        return None
    return wrong(
        "database", f"{path} is damaged", "Restore it from a backup.", tuple(problems[:_MAX_PROBLEMS])
    )


def _version(path: Path, db: Database) -> Finding | None:
    try:
        refuse_other_releases(path, db)
    except Misconfigured as error:
        return wrong("database", error.sentence, "")
    return None


def _schema(path: Path, db: Database) -> Finding | None:
    found = tuple(unlike(db))
    if not found:
        return None
    says = f"{path} lacks rules that Callgate made, or has other ones"
    return wrong("database", says, "Restart the bot: callgate run puts them back, or says why not.", found)


def _record(path: Path, db: Database) -> Finding:
    """Whether the record is whole and every row is what it says."""
    found = [*(fault.sentence for fault in check(audit_events.events(db)).faults), *check_rows(db)]
    if not found:
        return ok("database", f"{path} is sound, up to date, and what the record says")
    says = f"{path} is not what the record says: somebody changed it around Callgate"
    advice = "callgate audit verify lists all of it. Find out who did; what was changed is not dialed."
    return wrong("database", says, advice, tuple(found))


def _writable(path: Path) -> Finding:
    files = [path] if path.exists() else []
    folder = _folder(path)
    closed = [str(place) for place in (*files, folder) if not os.access(place, os.W_OK)]
    if closed:
        advice = "Give them to the user that the bot runs as, and run doctor as that user."
        return wrong("writable", f"{' and '.join(closed)} cannot be written", advice)
    return ok("writable", "the database and its folder can be written")


def _room(path: Path) -> Finding:
    folder = _folder(path)
    free = shutil.disk_usage(folder).free
    says = f"{free / 2**30:.1f} GB free at {folder}"
    return ok("disk", says) if free >= LEAST_FREE else wrong("disk", says, "Make room on that disk.")


def _folder(path: Path) -> Path:
    """Where it is, or the nearest folder above that is there."""
    return next(folder for folder in path.resolve().parents if folder.exists())
