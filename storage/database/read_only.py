"""Looks into a database, also while the bot works on it, and can change nothing in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlite_utils

from bot.domain.errors import Misconfigured
from storage.database.version import pending


@contextmanager
def read_only(path: Path) -> Iterator[sqlite_utils.Database]:
    """Open the file for reading; all of it is read as of one moment, the first look.

    Raises:
        Misconfigured: there is none, or what is there cannot be read.
    """
    if not path.exists():
        raise Misconfigured(f"There is no database at {path}. Set CALLGATE_DATABASE to where it is.")
    try:
        with closing(_connect(path)) as connection:
            yield sqlite_utils.Database(connection)
    except sqlite3.DatabaseError as error:
        raise Misconfigured(f"The database {path} cannot be read: {error}.") from None


def check_is_current(db: sqlite_utils.Database) -> None:
    """Raises Misconfigured where the database is older than this program."""
    if pending(db):
        raise Misconfigured("The database is older than this Callgate. Run `callgate run` once, then again.")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 5000")
    # Text that somebody damaged must be seen, not stop us from seeing it.
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    connection.execute("BEGIN")
    return connection
