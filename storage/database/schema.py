"""The schema as the migrations make it, held against the schema of a file.

Triggers and indexes forbid in the database what must never be, and somebody may have dropped them.
"""

from __future__ import annotations

import sqlite3
from functools import cache

from sqlite_utils import Database

from bot.domain.errors import Misconfigured
from storage.migrations import migrations

_OBJECTS = "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'"


def unlike(db: Database) -> list[str]:
    """Everything that is missing or changed, and triggers of somebody else's, as `trigger dial_not_frozen`.

    Only for a database that is up to date. Tables and indexes of somebody else's change nothing of ours.
    """
    ours, there = _made(), _objects(db)
    foreign = [name for name, (kind, _) in there.items() if kind == "trigger" and name not in ours]
    return [
        *(f"{kind} {name}" for name, (kind, sql) in ours.items() if there.get(name) != (kind, sql)),
        *(f"trigger {name}, which is not Callgate's" for name in foreign),
    ]


def restore(db: Database) -> list[str]:
    """Put back the triggers and indexes that are missing or changed, in the caller's transaction; names them.

    Raises:
        Misconfigured: a table is not as it should be, a trigger is somebody else's, or what was written
            meanwhile breaks a rule that has to be put back.
    """
    there = _objects(db)
    found = unlike(db)
    for name, (kind, sql) in _made().items():
        if kind != "table" and there.get(name) != (kind, sql):
            if name in there:
                db.execute(f"DROP {there[name][0]} {name}")
            try:
                db.execute(sql)
            except sqlite3.IntegrityError as error:
                broken = f"The database lacks the {kind} {name}, and its rows break it: {error}."
                raise Misconfigured(f"{broken} Restore it from a backup.") from None
    if left := unlike(db):
        raise Misconfigured(f"The database was changed: {', '.join(left)}. Restore it from a backup.")
    return found


@cache
def _made() -> dict[str, tuple[str, str]]:
    db = Database(memory=True)
    migrations.apply(db)
    found = _objects(db)
    db.close()
    return found


def _objects(db: Database) -> dict[str, tuple[str, str]]:
    return {name: (kind, sql) for name, kind, sql in db.execute(_OBJECTS)}
