"""One process at a time works on a database: two would each take the other's open attempts for dead."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import Misconfigured


@contextmanager
def hold_lock(database: Path) -> Iterator[None]:
    """Hold the database's lock file; the system lets go of it when the process ends, however it ends.

    Raises:
        Misconfigured: another process holds it, or the file cannot be made.
    """
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        file = database.with_name(database.name + ".lock").open("a")
    except OSError as error:
        raise Misconfigured(f"The database {database} cannot be used: {error.strerror}.") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Misconfigured(
                f"Another Callgate is running on {database}. Stop it first, or set CALLGATE_DATABASE."
            ) from None
        yield
