"""The one way to open the database file: for the bot, for commands that write beside it, for those that look.

Only the bot, which holds the lock, makes a file, brings its schema up to date or repairs it. Whoever else
opens a file of another release is told so.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path

import sqlite_utils
import structlog

from bot.domain.errors import Misconfigured, TryAgainLater
from storage.database import schema
from storage.database.transaction import transaction
from storage.migrations import migrations
from storage.record.number_hashes import NumberHashes

log = structlog.get_logger()

_FOR_ALL = ("busy_timeout = 5000", "foreign_keys = ON")
# What a row no longer says is overwritten, also where a change moved it within the file.
_FOR_WRITERS = ("synchronous = FULL", "secure_delete = ON")


def connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """A connection to a file that is there; transactions are begun by hand, and any thread may use it."""
    address = f"{path.resolve().as_uri()}?mode={'rw' if write else 'ro'}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    for setting in (*_FOR_ALL, *(_FOR_WRITERS if write else ())):
        connection.execute(f"PRAGMA {setting}")
    return connection


def create_or_upgrade(path: Path) -> sqlite_utils.Database:
    """For the bot: the file is made where there is none, brought up to date, and what is missing put back.

    Raises:
        Misconfigured: a newer release wrote it, its schema was changed in a way that cannot be put back, or
            its key for phone numbers is lost.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # It holds personal data: only its owner may read it. SQLite gives its siblings the same mode.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with _told(path), ExitStack() as until_it_is_open:
        db = sqlite_utils.Database(until_it_is_open.enter_context(closing(connect(path, write=True))))
        db.conn.execute("PRAGMA journal_mode = WAL")
        _refuse_newer(path, db)
        migrations.apply(db)
        with transaction(db):
            for name in schema.restore(db):
                log.error("schema_restored", what=name)
        NumberHashes(db)
        until_it_is_open.pop_all()
        return db


@contextmanager
def read_only(path: Path, *, any_release: bool = False) -> Iterator[sqlite_utils.Database]:
    """To look: nothing can be changed, and all of it is read as of one moment, the first look.

    Raises:
        Misconfigured: there is none, it cannot be read or, unless `any_release`, it is of another release.
    """
    with _opened(path, write=False) as db:
        # Text that somebody damaged must be seen, not stop us from seeing it.
        db.conn.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        db.conn.execute("BEGIN")
        if not any_release:
            _refuse_other_releases(path, db)
        yield db


@contextmanager
def writable(path: Path) -> Iterator[sqlite_utils.Database]:
    """To change it beside the bot, each time in a `transaction` (transaction.py).

    Raises:
        Misconfigured: there is none, it cannot be read, or it is of another release.
        TryAgainLater: somebody else has been writing for longer than we wait.
    """
    with _opened(path, write=True) as db:
        _refuse_other_releases(path, db)
        yield db


def pending(db: sqlite_utils.Database) -> list[str]:
    """The migrations that the database still lacks."""
    return [migration.name for migration in migrations.pending(db)]


def unknown(db: sqlite_utils.Database) -> list[str]:
    """The migrations that a newer release applied."""
    return [migration.name for migration in migrations.applied(db) if migration.name not in _ours()]


@contextmanager
def _opened(path: Path, *, write: bool) -> Iterator[sqlite_utils.Database]:
    if not path.exists():
        raise Misconfigured(f"There is no database at {path}. Set CALLGATE_DATABASE to where it is.")
    with _told(path), closing(connect(path, write=write)) as connection:
        yield sqlite_utils.Database(connection)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What SQLite says of the file becomes a sentence."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise TryAgainLater(f"The database {path} is busy. Nothing was changed; try again.") from None
        raise Misconfigured(f"The database {path} cannot be used: {error}.") from None
    except sqlite3.DatabaseError as error:
        raise Misconfigured(f"The database {path} cannot be read: {error}.") from None


def _refuse_other_releases(path: Path, db: sqlite_utils.Database) -> None:
    _refuse_newer(path, db)
    if pending(db):
        raise Misconfigured(
            f"The database {path} is older than this Callgate. Start the bot once (callgate run), then"
            " try again."
        )


def _refuse_newer(path: Path, db: sqlite_utils.Database) -> None:
    if unknown(db):
        raise Misconfigured(f"The database {path} was written by a newer Callgate. Install that one again.")


@cache
def _ours() -> frozenset[str]:
    empty = sqlite_utils.Database(memory=True)
    names = frozenset(pending(empty))
    empty.close()
    return names
