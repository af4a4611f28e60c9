"""The whole dialing policy for one request: its records read, and every rule asked."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import sqlite_utils

from bot.domain.ask import Purpose
from bot.domain.policy.dialing_policy import DialingPolicy, shipped_policy
from bot.domain.policy.evaluate import evaluate
from storage import dialing_records
from storage.database.threads import Database
from storage.rows import to_request

AIM = 0.001
"""Seconds, at the median."""

_SAMPLES = 2_000
_ADD = """
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)
    INSERT INTO suppressions (number, why, added_by, added_at)
    SELECT printf('+1212%07d', n), 'They asked.', 'U0BOB', '2026-01-01T00:00:00.000000+00:00'
    FROM numbers
"""


def suppress(path: Path, count: int) -> None:
    """Put so many numbers on the suppression list."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(_ADD, [count])


async def measure_policy(database: Database, at: datetime) -> list[float]:
    """Seconds for one request after the other, each to another number, for every purpose in turn."""
    policy, purposes = shipped_policy(), list(Purpose)
    ids = await database.read(_some_ids)
    return [
        await database.read(lambda db, i=i, n=n: _judged(db, i, purposes[n % len(purposes)], policy, at))
        for n, i in enumerate(ids)
    ]


def _some_ids(db: sqlite_utils.Database) -> list[str]:
    (most,) = db.execute("SELECT max(rowid) FROM call_requests").fetchone()
    drawn = random.Random(5).choices(range(1, most + 1), k=_SAMPLES)
    return [db.execute("SELECT id FROM call_requests WHERE rowid = ?", [row]).fetchone()[0] for row in drawn]


def _judged(
    db: sqlite_utils.Database, request_id: str, purpose: Purpose, policy: DialingPolicy, at: datetime
) -> float:
    (row,) = db.query("SELECT * FROM call_requests WHERE id = ?", [request_id])
    request = to_request(row).model_copy(update={"purpose": purpose})
    began = time.perf_counter()
    evaluate(request, dialing_records.load(db, request, at), policy, at)
    return time.perf_counter() - began
