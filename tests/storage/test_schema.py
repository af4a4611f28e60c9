"""The schema of a file held against the one that the migrations make, and put back where that can be done."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.errors import Misconfigured
from storage.database.opening import read_only
from storage.database.schema import unlike
from storage.database.threads import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "callgate.db"
    Database(path).close()
    return path


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for sql in statements:
            connection.execute(sql)
        connection.commit()


def found(path: Path) -> list[str]:
    with read_only(path) as db:
        return unlike(db)


def everything(path: Path, kind: str) -> list[str]:
    sql = "SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL"
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute(sql, [kind])]


def test_every_trigger_and_index_that_is_missing_is_found_and_put_back(path: Path) -> None:
    """All of them dropped: each is named, and after the next start all are there."""
    assert found(path) == []
    before = {kind: everything(path, kind) for kind in ("trigger", "index")}
    assert len(before["trigger"]) > 10 and len(before["index"]) > 10
    execute(path, *(f"DROP {kind} {name}" for kind, names in before.items() for name in names))
    assert sorted(found(path)) == sorted(f"{kind} {name}" for kind, names in before.items() for name in names)
    Database(path).close()
    assert found(path) == []
    assert {kind: sorted(everything(path, kind)) for kind in before} == {
        kind: sorted(names) for kind, names in before.items()
    }


def test_a_trigger_that_was_made_harmless_is_found_and_put_back(path: Path) -> None:
    """The name is there, and what it does is another thing."""
    execute(
        path,
        "DROP TRIGGER dial_attempts_not_frozen",
        "CREATE TRIGGER dial_attempts_not_frozen BEFORE INSERT ON dial_attempts BEGIN SELECT 1; END",
    )
    assert found(path) == ["trigger dial_attempts_not_frozen"]
    Database(path).close()
    assert found(path) == []


def test_rows_that_break_a_missing_rule_refuse_the_start(path: Path) -> None:
    """An index that cannot be put back says which, and nothing runs on such a database."""
    freeze = "INSERT INTO freezes (frozen_by, why, frozen_at, channel) VALUES ('U1', 'x', '2026', 'C1')"
    execute(path, "DROP INDEX freezes_one_open", freeze, freeze)
    with pytest.raises(Misconfigured, match="lacks the index freezes_one_open, and its rows break it"):
        Database(path)
    assert found(path) == ["index freezes_one_open"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("ALTER TABLE freezes ADD COLUMN more TEXT", "table freezes"),
        (
            "CREATE TRIGGER mine AFTER UPDATE ON call_requests BEGIN DELETE FROM outbox; END",
            "trigger mine, which is not Callgate's",
        ),
    ],
)
def test_what_cannot_be_put_back_refuses_the_start(path: Path, sql: str, said: str) -> None:
    """A table that was changed, and a trigger that makes our own statements do something else."""
    execute(path, sql)
    assert found(path) == [said]
    with pytest.raises(Misconfigured, match=f"{said}. Restore it from a backup"):
        Database(path)


def test_tables_of_somebody_elses_are_left_alone(path: Path) -> None:
    """A view or an index for looking at the data changes nothing of ours."""
    execute(path, "CREATE VIEW mine AS SELECT id FROM call_requests", "CREATE TABLE notes (id)")
    assert found(path) == []
    Database(path).close()


def test_a_database_without_its_key_for_numbers_is_refused(path: Path) -> None:
    """Hashes made without a key could be undone by trying every number."""
    execute(path, "DELETE FROM installation WHERE name = 'number_key'")
    with pytest.raises(Misconfigured, match="lost its key"):
        Database(path)


def test_what_a_call_is_called_is_no_matter_of_the_schema(path: Path) -> None:
    """A database that knew PolyAI's ids only takes another provider's, and is as sound as before."""
    with closing(sqlite3.connect(path)) as connection:
        (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'call_requests'").fetchone()
        assert "OUT-" not in sql and "call_sid TEXT UNIQUE" in sql
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
