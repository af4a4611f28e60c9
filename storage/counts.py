"""How much there is of everything, for whoever watches. Cheap, however many calls there have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage.outbox.outbox_rows import PENDING
from storage.rows import to_time
from storage.safeguards import freezes


@dataclass(frozen=True)
class Counts:
    """Calls by status, dial attempts by conclusion, what Slack is still to be told; is dialing frozen?"""

    calls: Mapping[str, int]
    dial_attempts: Mapping[str, int]
    pending: int
    oldest_pending: datetime | None
    dead_letters: int
    frozen: bool


def read_counts(db: Database) -> Counts:
    """Count."""
    pending, oldest = db.execute(f"SELECT count(*), min(created_at) FROM outbox WHERE {PENDING}").fetchone()
    (dead,) = db.execute("SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL").fetchone()
    calls, attempts = _kept(db, "calls"), _kept(db, "dial_attempts")
    return Counts(calls, attempts, pending, to_time(oldest), dead, freezes.is_frozen(db))


def _kept(db: Database, what: str) -> dict[str, int]:
    return dict(db.execute("SELECT name, count FROM counts WHERE what = ?", [what]).fetchall())
