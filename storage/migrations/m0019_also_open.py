"""A request knows which other requests to its number were open when it was asked for."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    column = "also_open TEXT CHECK (also_open IS NULL OR json_valid(also_open))"
    db.execute(f"ALTER TABLE call_requests ADD COLUMN {column}")
    db.execute("CREATE INDEX call_requests_also_open ON call_requests (to_number) WHERE finished_at IS NULL")
