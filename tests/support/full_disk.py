"""A disk without room for anything more."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path


def full_log(database: Path, process: int = 0) -> AbstractContextManager[None]:
    """Nothing is written beyond half the size that the database's log has now."""
    return full_disk(database.with_name(f"{database.name}-wal").stat().st_size // 2, process)


@contextmanager
def full_disk(size: int, process: int = 0) -> Iterator[None]:
    """No file of the process (0: this one) is written beyond `size` bytes."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (most, most))
