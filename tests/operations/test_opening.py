"""One way to open the database: who only looks changes nothing, and who cannot open it says why."""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.domain.errors import Misconfigured, TryAgainLater
from storage.database.lock import hold_lock
from storage.database.opening import for_bot, read_only, writable
from storage.database.threads import Database
from storage.database.transaction import transaction
from tests.operations.commands import Done, callgate, callgate_here
from tests.support.old_database import old_database
from tests.support.world import NUMBER, World

A_REQUEST = "CR-0123456789ABCDEF"
LOOK = [
    ("calls",),
    ("audit", "verify"),
    ("audit", "export", "--output", "/dev/null"),
    ("audit", "reviews"),
    ("audit", "looks"),
    ("evidence", A_REQUEST),
    ("purge", "--dry-run"),
    ("suppress", "list"),
    ("suppress", "export", "--output", "/dev/null"),
]
CHANGE = [
    ("suppress", "add", NUMBER, "--why", "They asked"),
    ("suppress", "remove", NUMBER, "--why", "They asked"),
    ("purge",),
    ("forget", NUMBER),
]
ALL = [*LOOK, *CHANGE]
NAMES = [" ".join(words[:2]) for words in ALL]
OLDER = "is older than this Callgate. Start the bot once (callgate run), then try again."
NEWER = "was written by a newer Callgate (m9999_tomorrow). Install that one again."


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "callgate.db"


def older(path: Path) -> None:
    old_database(path, before="m0018_who_may").close()


def newer(path: Path) -> None:
    Database(path).close()
    tomorrow = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('callgate', ?, '')"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(tomorrow, ["m9999_tomorrow"])
        connection.commit()


def garbage(path: Path) -> None:
    path.write_bytes(b"This is no database at all. " * 200)


def said(done: Done) -> str:
    """What was printed, as one line."""
    assert done.status == 1 and "Traceback" not in done.printed
    return " ".join(done.printed.split())


@pytest.mark.parametrize("words", ALL, ids=NAMES)
@pytest.mark.parametrize(
    ("make", "sentence"),
    [(older, OLDER), (newer, NEWER), (garbage, "cannot be used: file is not a database.")],
    ids=["older", "newer", "garbage"],
)
def test_no_command_touches_a_database_that_is_not_its_own(
    path: Path, words: tuple[str, ...], make: object, sentence: str
) -> None:
    """Each says the same sentence, and not a byte of the file is another one."""
    make(path)  # type: ignore[operator]
    before = path.read_bytes()
    assert said(callgate_here(path, *words)) == f"The database {path} {sentence}"
    assert path.read_bytes() == before


@pytest.mark.parametrize("words", ALL, ids=NAMES)
def test_no_command_makes_a_database(path: Path, words: tuple[str, ...]) -> None:
    """A wrong CALLGATE_DATABASE is said, and leaves nothing behind."""
    assert "There is no database" in said(callgate_here(path, *words))
    assert not list(path.parent.iterdir())


@pytest.mark.parametrize("words", ALL, ids=NAMES)
def test_a_folder_is_no_database(path: Path, words: tuple[str, ...]) -> None:
    """It is there, and cannot be opened."""
    path.mkdir()
    assert f"The database {path} cannot be used: " in said(callgate_here(path, *words))


def test_the_bot_refuses_a_newer_database_and_leaves_it_as_it_is(path: Path) -> None:
    """A rule that the newer one made stricter would be put back as it was, with nobody the wiser."""
    newer(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER dial_attempts_not_frozen")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(Misconfigured, match=re.escape(NEWER)):
        Database(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("make", [garbage, Path.mkdir], ids=["garbage", "folder"])
def test_the_bot_says_that_it_cannot_open_its_database(path: Path, make: object) -> None:
    """A sentence, and no stack trace."""
    make(path)  # type: ignore[operator]
    with pytest.raises(Misconfigured, match=r"cannot be used: "):
        Database(path)


def test_the_bot_brings_an_older_database_up_to_date(path: Path) -> None:
    """Only then do the commands work on it."""
    older(path)
    Database(path).close()
    assert callgate_here(path, "calls").status == 0
    assert callgate_here(path, "suppress", "add", NUMBER, "--why", "They asked").status == 0


def test_every_connection_is_of_the_same_kind(path: Path) -> None:
    """Durable, held to the rules of the schema, and nothing that is deleted stays in the file."""
    with for_bot(path) as both, writable(path) as beside, read_only(path) as looking:
        for db in (*both, beside, looking):
            asked = ("busy_timeout", "foreign_keys", "synchronous", "secure_delete", "journal_mode")
            found = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
            assert found == [5000, 1, 2, 1, "wal"]


def test_who_writes_beside_a_long_write_is_told_to_try_again(path: Path) -> None:
    """It waits for a while, here a short one, and says that nothing was changed."""
    with for_bot(path) as (writer, _), pytest.raises(TryAgainLater, match="busy"):
        writer.execute("BEGIN IMMEDIATE")
        with writable(path) as beside:
            beside.execute("PRAGMA busy_timeout = 10")
            with transaction(beside):
                raise AssertionError("the other one still writes")


async def test_beside_a_running_bot_everything_can_be_looked_at(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the newest changes still in the write-ahead log, and the bot none the wiser."""
    monkeypatch.chdir(tmp_path)
    await world.start()
    await world.ask()
    (request,) = world.rows("SELECT id FROM call_requests")
    assert world.database.with_name("callgate.db-wal").stat().st_size > 0
    for words in LOOK:
        done = callgate_here(
            world.database, *(request["id"] if word == A_REQUEST else word for word in words)
        )
        assert done.status == 0, done.printed
    assert (await callgate(world, "calls")).status == 0
    assert (await callgate(world, "suppress", "add", "+442071838750", "--why", "They asked")).status == 0
    assert await world.ask()


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """The path of a database that everybody may read, in a folder that nobody may write."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "callgate.db")
        Database(path).close()
        path.chmod(0o444)
        path.parent.chmod(0o555)
        yield path
        path.parent.chmod(0o755)


@contextmanager
def somebody() -> Iterator[None]:
    """Be a user who may not do everything: root may write where nobody may."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.mark.parametrize("words", ALL, ids=NAMES)
def test_what_cannot_be_written_can_be_looked_at(closed_folder: Path, words: tuple[str, ...]) -> None:
    """A backup that is mounted to be read only: who looks sees all, who writes is told."""
    with somebody():
        done = callgate_here(closed_folder, *words)
    if words[0] == "evidence":
        assert "There is no call request" in done.printed
    elif words in LOOK:
        assert done.status == 0, done.printed
    else:
        assert (
            said(done)
            == f"The database {closed_folder} cannot be used: attempt to write a readonly database."
        )
    assert {file.name for file in closed_folder.parent.iterdir()} == {"callgate.db", "callgate.db.seen"}


def test_the_bot_says_that_it_cannot_write_there(closed_folder: Path) -> None:
    """Neither its lock nor its database; a sentence, and no stack trace."""
    with somebody():
        for opening in (hold_lock, for_bot):
            with (
                pytest.raises(Misconfigured, match="cannot be used: Permission denied"),
                opening(closed_folder),
            ):
                pass
