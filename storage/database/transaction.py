"""All or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlite_utils

from bot import crash_points


@contextmanager
def transaction(db: sqlite_utils.Database) -> Iterator[None]:
    """Everything inside is durable at the end, or undone where it raises."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        with crash_points.commit():
            db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise
