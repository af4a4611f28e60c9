"""Rewrites a database and its record together, as if an older release had written both.

What a test makes older, or due, would otherwise not agree with the record, and would not be dialed.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlite_utils

from storage.database.transaction import transaction
from storage.record import audit_events

_LOCK = "audit_events_no_update"


def rewrite(path: Path, *changes: str) -> None:
    """Make the changes, take the hashes of the state out of every event, and chain the events anew."""
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as connection:
        db = sqlite_utils.Database(connection)
        with transaction(db):
            (lock,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [_LOCK]).fetchone()
            db.execute(f"DROP TRIGGER {_LOCK}")
            for sql in (*changes, "UPDATE audit_events SET details = json_remove(details, '$.state_sha256')"):
                db.execute(sql)
            audit_events.chain_all(db)
            db.execute(lock)
        count, sha256 = db.execute("SELECT id, sha256 FROM audit_events ORDER BY id DESC LIMIT 1").fetchone()
    seen = path.with_name(f"{path.name}.seen")
    if seen.exists():  # this record is the one that was here, too
        seen.write_text(f"{count:>20} {sha256}\n")
