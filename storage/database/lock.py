"""One process at a time works on a database: two would each take the other's open attempts for dead."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import Misconfigured


class BotIsRunning(Misconfigured):
    """Another process works on this database."""


@contextmanager
def hold_lock(database: Path) -> Iterator[None]:
    """Hold the database file itself, by whatever name; the system lets go of it when the process ends.

    `flock` and SQLite's own locks (`fcntl`) know nothing of each other. But whoever closes any descriptor of
    a file loses their `fcntl` locks on it: so it is closed after SQLite has closed it.

    Raises:
        BotIsRunning: another process holds it.
        Misconfigured: there is no file, or it cannot be opened.
    """
    try:
        descriptor = os.open(database, os.O_RDWR)
    except FileNotFoundError:
        raise Misconfigured(
            f"There is no database at {database.absolute()}. If it should be somewhere else, set"
            " CALLGATE_DATABASE. For a new installation, make it with callgate init."
        ) from None
    except OSError as error:
        raise Misconfigured(f"The database {database} cannot be used: {error.strerror}.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise BotIsRunning(
            f"Another Callgate is running on {database}. Stop it first, or set CALLGATE_DATABASE."
        ) from None
    try:
        yield
    finally:
        os.close(descriptor)
