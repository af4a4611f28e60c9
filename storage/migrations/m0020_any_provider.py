"""What the id of a call looks like is the provider's to say, and no longer the schema's."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it: the way that SQLite gives for taking a CHECK away without writing the table anew.

    Source: https://www.sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes".
    """
    (version,) = db.execute("PRAGMA schema_version").fetchone()
    db.execute("PRAGMA writable_schema = ON")
    for column in ("call_sid", "reported_call_sid"):
        db.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, ?, '') WHERE name = 'call_requests'",
            [f" CHECK ({column} GLOB 'OUT-*')"],
        )
    db.execute(f"PRAGMA schema_version = {version + 1}")
    db.execute("PRAGMA writable_schema = OFF")
