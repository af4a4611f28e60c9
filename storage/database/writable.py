"""Changes a database from the command line, also while the bot works on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlite_utils

from bot.domain.errors import Misconfigured, TryAgainLater
from storage.database.read_only import check_is_current


@contextmanager
def writable(path: Path) -> Iterator[sqlite_utils.Database]:
    """Open the file for changes, each of which belongs into a `transaction` (transaction.py).

    Raises:
        Misconfigured: there is none, or it is older than this program, or cannot be read.
        TryAgainLater: somebody else has been writing for longer than we wait.
    """
    if not path.exists():
        raise Misconfigured(f"There is no database at {path}. Set CALLGATE_DATABASE to where it is.")
    try:
        with closing(_connect(path)) as connection:
            db = sqlite_utils.Database(connection)
            check_is_current(db)
            yield db
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise TryAgainLater(f"The database {path} is busy. Nothing was changed; try again.") from None
    except sqlite3.DatabaseError as error:
        raise Misconfigured(f"The database {path} cannot be read: {error}.") from None


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None)
    for setting in (
        "busy_timeout = 5000",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {setting}")
    return connection
