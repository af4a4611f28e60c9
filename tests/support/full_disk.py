"""A disk without room for anything more: nothing more can be appended to its log."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def full_disk(database: Path, process: int = 0) -> Iterator[None]:
    """No file of the process (0: this one) is written beyond half the size that the log has now."""
    size = database.with_name(f"{database.name}-wal").stat().st_size // 2
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (most, most))
