"""How a database's schema stands to this program's."""

from __future__ import annotations

from sqlite_utils import Database

from storage.migrations import migrations


def pending(db: Database) -> list[str]:
    """The migrations that the database still lacks."""
    return [migration.name for migration in migrations.pending(db)]


def unknown(db: Database) -> list[str]:
    """The migrations that a newer program applied."""
    empty = Database(memory=True)
    ours = set(pending(empty))
    empty.close()
    return [migration.name for migration in migrations.applied(db) if migration.name not in ours]
