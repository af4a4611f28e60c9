"""The one way to open the database file: for the bot, for commands that write beside it, for those that look.

`callgate init` makes it. Only the bot, which holds the lock, brings its schema up to date or repairs it.
Whoever else opens a file of another release is told so.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import structlog
from sqlite_utils import Database

from bot.domain.errors import Misconfigured, TryAgainLater
from storage.database import schema
from storage.database.damage import damage
from storage.database.transaction import transaction
from storage.migrations import migrations, names
from storage.record.number_hashes import NumberHashes

log = structlog.get_logger()

_PRAGMAS = (
    "busy_timeout = 5000",
    "foreign_keys = ON",
    "synchronous = FULL",  # a write that returned survives a power cut
    # What a row no longer says is overwritten, also where a change moved it within the file.
    "secure_delete = ON",
)


def create(path: Path) -> None:
    """Make a new database.

    Raises:
        Misconfigured: there is something in its place already, or it cannot be made.
    """
    if path.exists() or path.is_symlink():
        raise Misconfigured(
            f"There is something at {path.absolute()} already. Nothing was changed. If it is an empty file"
            " that nobody needs, remove it and try again."
        )
    try:
        with for_bot(path):
            pass
    except Misconfigured:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def for_bot(path: Path) -> Iterator[tuple[Database, Database]]:
    """A connection that writes and one that only reads, to a file that is then there, whole and up to date.

    Raises:
        Misconfigured: it cannot be used, a newer release wrote it, its schema was changed in a way that
            cannot be put back, or its key for phone numbers is lost.
        TryAgainLater: somebody else has been writing for longer than we wait.
    """
    _create_private(path)
    was_left_open = path.resolve().with_name(f"{path.resolve().name}-wal").exists()
    with _told(path), _connected(path, "rw") as writer:
        if was_left_open:
            _refuse_mixed(path, writer)
        _refuse_newer(path, writer)
        writer.execute("PRAGMA journal_mode = WAL")  # the file remembers it
        if (applied := migrations.applied(writer)) and migrations.pending(writer):
            copy = path.with_name(f"{path.name}.before-{names[len(applied)]}")
            if not copy.exists():  # a first try of this upgrade may have made it
                copy_to(writer, copy)
            log.info("schema_upgraded", copy_of_before=str(copy))
        migrations.apply(writer)
        with transaction(writer):
            for name in schema.restore(writer):
                log.error("schema_restored", what=name)
        NumberHashes(writer)  # a database that lost its key is refused now, not at the first number
        with _connected(path, "ro") as reader:
            yield writer, reader


@contextmanager
def writable(path: Path) -> Iterator[Database]:
    """To change it beside the bot, each time in a `transaction` (transaction.py).

    Raises:
        Misconfigured: there is none, it cannot be used, or it is of another release.
        TryAgainLater: somebody else has been writing for longer than we wait.
    """
    with _told(path), _connected(_there(path), "rw") as db:
        refuse_other_releases(path, db)
        yield db


@contextmanager
def read_only(path: Path, *, any_release: bool = False) -> Iterator[Database]:
    """To look: nothing can be changed, and all of it is read as of one moment, the first look.

    Raises:
        Misconfigured: there is none, it cannot be used or, unless `any_release`, it is of another release.
        TryAgainLater: somebody else keeps it to themselves for longer than we wait.
    """
    with _told(path), _connected(_there(path), "ro") as db:
        # Text that somebody damaged must be seen, not stop us from seeing it.
        db.conn.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        db.execute("BEGIN")
        if not any_release:
            refuse_other_releases(path, db)
        yield db


def copy_to(db: Database, target: Path) -> None:
    """SQLite's own online copy of the whole database, for its owner only; of one moment, whoever writes.

    Raises:
        Misconfigured: the target is there already, or cannot be written.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise Misconfigured(f"{target} is there already. Move it away, or name another file.") from None
    except OSError as error:
        raise Misconfigured(f"{target} cannot be written: {error.strerror}.") from None
    try:
        with closing(sqlite3.connect(target)) as copy:
            db.conn.backup(copy)
    except sqlite3.OperationalError as error:
        target.unlink()
        raise Misconfigured(
            f"{target} cannot be written: {error}. See that there is room on that disk. Nothing was copied."
        ) from None
    except BaseException:
        target.unlink()
        raise


def refuse_other_releases(path: Path, db: Database) -> None:
    """Raises Misconfigured where another release wrote the file: what that is, and what to do."""
    _refuse_newer(path, db)
    if migrations.pending(db):
        advice = "Start the bot once (callgate run), then try again."
        raise Misconfigured(f"The database {path} is older than this Callgate. {advice}")


def _refuse_mixed(path: Path, db: Database) -> None:
    """An older file, copied over one whose log is still there: SQLite makes one of both."""
    found = damage(db)
    if not found and db.table("audit_events").exists():
        first, last, count = db.execute("SELECT min(id), max(id), count(*) FROM audit_events").fetchone()
        found = [] if not count or (first, last) == (1, count) else ["events are missing from the record"]
    if found:
        raise Misconfigured(
            f"The database {path} is damaged: {found[0]}. Perhaps a copy was put over it while"
            f" {path.name}-wal was there. Put a backup in its place with callgate restore."
        )


def _refuse_newer(path: Path, db: Database) -> None:
    if newer := [migration.name for migration in migrations.applied(db) if migration.name not in names]:
        wrote = f"was written by a newer Callgate ({', '.join(newer)})"
        raise Misconfigured(f"The database {path} {wrote}. Install that one again.")


@contextmanager
def _connected(path: Path, mode: str) -> Iterator[Database]:
    """Transactions are begun by hand, and any thread may use it."""
    path = path.resolve()
    at_rest = not path.with_name(f"{path.name}-wal").exists()  # nobody has it open, or died who had
    if mode == "ro" and at_rest and not os.access(path.parent, os.W_OK):
        # To read a file in WAL mode SQLite makes two others beside it, which it cannot here.
        mode = "ro&immutable=1"
    address = f"{path.as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    with closing(connection):
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        yield Database(connection)


def _there(path: Path) -> Path:
    with suppress(PermissionError):  # SQLite says the same in a moment
        if not path.exists():
            raise Misconfigured(f"There is no database at {path}. Set CALLGATE_DATABASE to where it is.")
    return path


def _create_private(path: Path) -> None:
    """The file holds personal data: only its owner may read it. SQLite gives its siblings the same mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Misconfigured(f"The database {path} cannot be used: {error.strerror}.") from None


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What SQLite says of the file becomes a sentence; a rule that a row broke, or a misuse, stays a bug."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise TryAgainLater(f"The database {path} is busy. Nothing was changed; try again.") from None
        raise Misconfigured(f"The database {path} cannot be used: {error}.") from error
