"""What SQLite finds wrong with a database file."""

from __future__ import annotations

from sqlite_utils import Database

_MAX_FOUND = 5


def damage(db: Database) -> list[str]:
    """The first few things that are wrong; none where the file is sound."""
    found = [str(row[0]) for row in db.execute(f"PRAGMA integrity_check({_MAX_FOUND})")]
    return [] if found == ["ok"] else found
