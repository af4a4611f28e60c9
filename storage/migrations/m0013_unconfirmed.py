"""The calls that wait for a person are found by an index, however many there have been."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute(
        "CREATE INDEX call_requests_unconfirmed ON call_requests (created_at) WHERE status = 'unconfirmed'"
    )
