"""What is known of this installation and belongs to no call request, by name."""

from __future__ import annotations

import secrets

from sqlite_utils import Database

WORKSPACE_URL = "workspace_url"
"""Where the Slack workspace is, as `https://example.slack.com/`."""

PURGED_AT = "purged_at"
"""When what had been kept long enough was last deleted."""

LAST_REMOVAL = "last_removal"
"""The id of the newest removal from the suppression list; none is ever given again."""

NUMBER_KEY = "number_key"
"""The key of the hashes of phone numbers in the record, in hex."""

HEAD_IS_KEPT = "head_is_kept"
"""Whether a file beside the database says how far its record went."""

RESTORED = "restored"
"""Why the database may be older than the last that was here, until an operator has looked what rang since."""

PROBE = "probe"
"""Written to see whether the database can be."""


def read(db: Database, name: str) -> str | None:
    """What was stored under that name."""
    row = db.execute("SELECT value FROM installation WHERE name = ?", [name]).fetchone()
    return None if row is None else str(row[0])


def remove(db: Database, name: str) -> None:
    """Forget it."""
    db.execute("DELETE FROM installation WHERE name = ?", [name])


def touch(db: Database) -> None:
    """Write something of no meaning, to see whether anything can be written."""
    write(db, PROBE, secrets.token_hex(4))  # SQLite writes nothing where nothing differs


def write(db: Database, name: str, value: str) -> None:
    """Store it, in place of what was there."""
    db.table("installation").upsert({"name": name, "value": value}, pk="name")
