"""The suppression list: numbers that are never called."""

from __future__ import annotations

import hashlib

from sqlite_utils import Database


def is_suppressed(db: Database, number: str) -> bool:
    """Whether the number, in E.164, is on the list; a forgotten one is there as its hash."""
    sql = "SELECT 1 FROM suppressions WHERE number IN (?, ?)"
    return db.execute(sql, [number, forgotten(number)]).fetchone() is not None


def forgotten(number: str) -> str:
    """What stands for a number whose owner was forgotten and still must not be called."""
    return f"sha256:{hashlib.sha256(number.encode()).hexdigest()}"
