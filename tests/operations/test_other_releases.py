"""A database of another release: only the bot brings one up to date, and a newer one is left alone by all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.errors import Misconfigured
from storage.database.threads import Database
from tests.operations.commands import callgate_here
from tests.support.form import NUMBER

OLDER = "DELETE FROM _sqlite_migrations WHERE name = 'm0019_also_open'"
NEWER = (
    "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
    " SELECT migration_set, 'm9999_later', applied_at FROM _sqlite_migrations LIMIT 1"
)
COMMANDS = [
    ("calls",),
    ("audit", "verify"),
    ("audit", "export"),
    ("audit", "reviews"),
    ("evidence", "CR-0123456789ABCDEF"),
    ("purge", "--dry-run"),
    ("purge",),
    ("forget", NUMBER),
    ("suppress", "list"),
    ("suppress", "export"),
    ("suppress", "add", NUMBER, "--why", "they asked"),
    ("suppress", "remove", NUMBER, "--why", "a mistake"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "callgate.db"
    Database(path).close()
    return path


def execute(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
        connection.commit()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_refuses_it_and_changes_no_byte(path: Path, words: tuple[str, ...]) -> None:
    """Beside a bot of another release a command must neither upgrade the file nor write into it."""
    for sql, said in ((OLDER, "older than this Callgate"), (NEWER, "written by a newer Callgate")):
        execute(path, sql)
        before = path.read_bytes()
        done = callgate_here(path, *words)
        assert done.status == 1 and said in " ".join(done.printed.split())
        assert path.read_bytes() == before


def test_the_bot_does_not_start_on_a_newer_one(path: Path) -> None:
    """It cannot know what the newer release forbids."""
    execute(path, NEWER)
    before = path.read_bytes()
    with pytest.raises(Misconfigured, match="newer Callgate"):
        Database(path)
    assert path.read_bytes() == before


def test_the_bot_says_of_what_is_no_database_that_it_cannot_be_used(path: Path) -> None:
    """A sentence with the path, and not SQLite's own error."""
    path.write_bytes(b"something else entirely, and long enough to be looked at" * 99)
    with pytest.raises(Misconfigured, match="cannot be read"):
        Database(path)
