"""The call that an answer named which does not say for sure whether it was placed."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    # Not unique: a stranger in front of PolyAI may name any call, and it is only shown to a person.
    db.execute(
        "ALTER TABLE call_requests ADD COLUMN reported_call_sid TEXT CHECK (reported_call_sid GLOB 'OUT-*')"
    )
