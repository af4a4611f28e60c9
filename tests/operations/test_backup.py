"""Backups: made beside a running bot, checked, put back; and what rang since the copy is not dialed again."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.errors import Misconfigured
from sandbox.bot_process import handed_on
from storage.database.opening import create, for_bot
from tests.operations.commands import callgate, callgate_here
from tests.support.full_disk import full_disk
from tests.support.old_database import old_database
from tests.support.world import World


def events(world: World) -> int:
    """How many events the record has."""
    return int(world.rows("SELECT count(*) AS n FROM audit_events")[0]["n"])


async def backed_up(world: World, name: str = "copy.db") -> Path:
    """A copy of the running bot's database."""
    copy = world.database.with_name(name)
    done = callgate_here(world.database, "backup", str(copy))
    assert done.status == 0, done.printed
    return copy


async def test_a_copy_beside_a_running_bot_is_whole(world: World) -> None:
    """It has every event, also those that are still in the log beside the file; only its owner reads it."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "reports success")
    count = events(world)
    copy = await backed_up(world)
    done = callgate_here(copy, "audit", "verify")
    found = re.search(r"^count (\d+)$", done.printed, re.MULTILINE)
    assert done.status == 0 and found and int(found[1]) >= count
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


async def test_nothing_is_overwritten(world: World) -> None:
    """A file that is there already is left as it is."""
    await world.start()
    copy = await backed_up(world)
    before = copy.read_bytes()
    done = callgate_here(world.database, "backup", str(copy))
    assert done.status == 1 and "is there already" in done.printed
    assert copy.read_bytes() == before


async def test_what_rang_since_is_not_dialed_again(world: World) -> None:
    """The copy says approved, the phone has rung: dialing is held until the operator resumes it."""
    await world.start()
    card = await world.ask(not_before_date="2026-08-24", not_before_time="12:00")
    await world.bob.click(card, "approve")
    await world.told(card, "It waits")
    copy = await backed_up(world)
    world.clock.jump(hours=2)
    await world.told(card, "reports success")
    await world.stop()
    done = callgate_here(world.database, "restore", str(copy))
    assert done.status == 0 and "callgate resume" in done.printed
    await world.start()
    await world.bob.type("/call unfreeze 1", world.channel)
    await world.hears(world.bob, "callgate resume")
    await world.clock.sleep(120)
    assert len(world.polyai.posts) == 1
    assert world.rows("SELECT status FROM call_requests") == [{"status": "approved"}]
    done = callgate_here(world.database, "resume", "--why", "It rang; cancelled")
    assert done.status == 0, done.printed
    await world.until(lambda: len(world.polyai.posts) == 2)
    assert callgate_here(world.database, "audit", "verify").status == 0


@pytest.mark.parametrize("with_seen", [False, True], ids=["into another folder", "over the file"])
async def test_a_file_that_is_put_back_by_hand(world: World, with_seen: bool) -> None:
    """Copied by cp while the bot is down, whatever came of what lies beside it: dialing is held."""
    await world.start()
    await world.stop()
    old = world.database.read_bytes()
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "Call placed")
    await world.stop()
    world.database.write_bytes(old)
    if not with_seen:
        world.database.with_name("callgate.db.seen").unlink()
    await world.start()
    await world.bob.type("/call unfreeze 1", world.channel)
    await world.hears(world.bob, "put back")
    assert "database_older" in world.logs.text


async def test_a_restart_is_no_restore(world: World) -> None:
    """The same file again, after a stop or a kill: nothing is held."""
    await world.start()
    await world.ask()
    await world.restart()
    await world.restart()
    assert not world.rows("SELECT 1 FROM freezes")


async def test_people_cannot_lift_it_with_another_freeze(world: World) -> None:
    """It was frozen when the copy was made: once that is lifted, the operator's word is still needed."""
    await world.start()
    await world.bob.type("/call freeze look", world.channel)
    await world.hears(world.bob, "Dialing is frozen.")
    copy = await backed_up(world)
    await world.ask()
    await world.stop()
    assert callgate_here(world.database, "restore", str(copy)).status == 0
    await world.start()
    for person in (world.alice, world.carol):
        await person.type("/call unfreeze 1", world.channel)
    await world.hears(world.carol, "dialing is still held")
    assert len(world.rows("SELECT 1 FROM freezes WHERE lifted_at IS NULL AND id = 2")) == 1
    assert callgate_here(world.database, "resume", "--why", "Looked").status == 0
    assert not world.rows("SELECT 1 FROM freezes WHERE lifted_at IS NULL")


async def test_a_damaged_copy_is_not_put_in_place(world: World) -> None:
    """Truncated, or no database at all: a sentence, and what is there stays."""
    await world.start()
    copy = await backed_up(world)
    await world.stop()
    before = world.database.read_bytes()
    copy.write_bytes(copy.read_bytes()[: 50 * 4096])
    other = copy.with_name("letter.txt")
    other.write_text("Dear all")
    for file in (copy, other, copy.with_name("missing.db")):
        done = callgate_here(world.database, "restore", str(file))
        assert done.status == 1 and "Traceback" not in done.printed, done.printed
    assert world.database.read_bytes() == before


async def test_a_running_bot_keeps_its_database(world: World) -> None:
    """Restore is refused as long as the bot works on the file."""
    await world.start()
    copy = await backed_up(world)
    done = await callgate(world, "restore", str(copy))
    assert done.status == 1 and "Another Callgate is running" in done.printed


def test_resume_says_where_nothing_is_held(tmp_path: Path) -> None:
    """There is nothing to resume, and a freeze of people is not the operator's to lift."""
    path = tmp_path / "callgate.db"
    create(path)
    done = callgate_here(path, "resume", "--why", "x")
    assert done.status == 1 and "not held" in done.printed
    assert callgate_here(path, "freeze", "--why", "Look first").status == 0
    assert callgate_here(path, "resume", "--why", "x").status == 1


def test_init_makes_one_and_only_one(tmp_path: Path) -> None:
    """Private, and never in the place of another."""
    path = tmp_path / "data" / "callgate.db"
    done = callgate_here(path, "init")
    assert done.status == 0 and stat.S_IMODE(path.stat().st_mode) == 0o600
    done = callgate_here(path, "init")
    assert done.status == 1 and "already" in done.printed


async def test_a_file_that_goes_is_noticed(world: World) -> None:
    """Deleted or replaced under the running bot: nothing is dialed, and /readyz and the log say so."""
    await world.start()
    card = await world.ask()
    await world.until(lambda: not world.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
    elsewhere = world.database.with_name("moved.db")
    world.database.replace(elsewhere)
    shutil.copy(elsewhere, world.database)
    await world.until(lambda: "was replaced or removed" in world.logs.text)
    await world.bob.click(card, "approve")
    await world.hears(world.bob, "cannot write its database")
    assert not world.polyai.posts


async def test_an_upgrade_keeps_a_copy_of_what_was_there(world: World) -> None:
    """The database of an older release is copied before its tables change; the log says where."""
    old_database(world.database, before="m0018_who_may").close()
    await world.start()
    copy = world.database.with_name("callgate.db.before-m0018_who_may")
    assert str(copy) in world.logs.text and stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as found:
        applied = [name for (name,) in found.execute("SELECT name FROM _sqlite_migrations")]
    assert "m0017_reported_call_sid" in applied and "m0018_who_may" not in applied


@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
async def test_a_second_bot_by_another_name_is_refused(world: World, link: str) -> None:
    """Through a link it is the same file: the first one's open call is left alone."""
    await world.start()
    other = world.database.with_name("other.db")
    getattr(other, link)(world.database)
    done = await callgate(world, "run", CALLGATE_DATABASE=str(other), CALLGATE_HTTP_PORT="0")
    assert done.status == 1 and "Another Callgate is running" in done.printed


async def test_without_a_database_the_bot_does_not_start(world: World) -> None:
    """Started from another folder it makes none: the list of those who asked us to stop would be empty."""
    done = await callgate(world, "run", CALLGATE_DATABASE="elsewhere.db", CALLGATE_HTTP_PORT="0")
    assert done.status == 1 and "callgate init" in done.printed
    assert not world.database.with_name("elsewhere.db").exists()


async def test_the_start_says_what_is_at_work(world: World) -> None:
    """One line of the log: version, database, workspace, policy and approvers."""
    await world.start(callgate_approvers=f"{world.bob.id},{world.carol.id}")
    (line,) = [line for line in world.logs.lines if line["event"] == "started"]
    assert line["version"] and line["database"] == str(world.database)
    assert line["workspace"].startswith("http") and line["policy"]
    assert line["approvers"] == sorted([world.bob.id, world.carol.id])


def test_a_start_on_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    """Nothing can be written: no stack trace, and what it is."""
    path = tmp_path / "callgate.db"
    create(path)
    for file in tmp_path.iterdir():
        if file.name.endswith("-wal"):
            file.unlink()
    words = f"ulimit -f 0; exec {sys.executable} -m bot freeze --why x"
    environment = {**handed_on(os.environ), "CALLGATE_DATABASE": str(path)}
    done = subprocess.run(["sh", "-c", words], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "cannot be used" in done.stderr


async def test_a_freeze_during_the_hold_counts(world: World) -> None:
    """Somebody freezes dialing while it is held: the operator's resume leaves that freeze in force."""
    await world.start()
    copy = await backed_up(world)
    await world.ask()
    await world.stop()
    assert callgate_here(world.database, "restore", str(copy)).status == 0
    await world.start()
    assert callgate_here(world.database, "freeze", "--why", "Also frozen").status == 0
    done = callgate_here(world.database, "resume", "--why", "Looked")
    assert done.status == 0 and "still frozen" in done.printed
    assert len(world.rows("SELECT 1 FROM freezes WHERE lifted_at IS NULL")) == 1
    assert callgate_here(world.database, "audit", "verify").status == 0


def test_a_copy_over_a_file_whose_log_is_there_is_refused(tmp_path: Path) -> None:
    """SQLite reads the newer log into the older file: what comes of it is not started on."""
    path, copy = tmp_path / "callgate.db", tmp_path / "copy.db"
    create(path)
    shutil.copy(path, copy)
    with closing(sqlite3.connect(path, isolation_level=None)) as bot:
        bot.execute("PRAGMA journal_mode = WAL")
        insert = "INSERT INTO installation (name, value) VALUES (?, ?)"
        bot.executemany(insert, [(f"row {n}", "x" * 500) for n in range(2000)])
        bot.execute("PRAGMA wal_checkpoint(RESTART)")
        bot.execute("DELETE FROM installation WHERE name LIKE 'row 1%'")
        left = path.with_name("callgate.db-wal").read_bytes()
    shutil.copy(copy, path)
    path.with_name("callgate.db-wal").write_bytes(left)
    with pytest.raises(Misconfigured, match="a copy was put over it"), for_bot(path):
        pass


async def test_without_room_nothing_is_moved_away(world: World) -> None:
    """The disk is full as a copy is put back: what is there stays where it is."""
    await world.start()
    copy = await backed_up(world)
    await world.stop()
    before = world.database.read_bytes()
    with full_disk(size=world.database.stat().st_size // 2):
        done = callgate_here(world.database, "restore", str(copy))
    assert done.status == 1 and "Nothing was copied" in done.printed
    assert world.database.read_bytes() == before


def test_a_database_of_an_older_release_can_be_frozen_before_the_first_start(tmp_path: Path) -> None:
    """After the start it would be dialed: so freeze brings it up to date, with a copy of what was there."""
    path = tmp_path / "callgate.db"
    old_database(path, before="m0018_who_may").close()
    done = callgate_here(path, "freeze", "--why", "A snapshot was put back")
    assert done.status == 0 and path.with_name("callgate.db.before-m0018_who_may").exists()
    with closing(sqlite3.connect(path)) as found:
        assert found.execute("SELECT count(*) FROM freezes WHERE lifted_at IS NULL").fetchone() == (1,)


async def test_a_copy_takes_the_place_of_a_damaged_database(world: World) -> None:
    """What is there is no database any more: it is kept as it is, with what lies beside it."""
    await world.start()
    copy = await backed_up(world)
    await world.stop()
    world.database.write_bytes(b"not a database" * 1000)
    world.database.with_name("callgate.db-wal").write_bytes(b"its log")
    done = callgate_here(world.database, "restore", str(copy))
    assert done.status == 0, done.printed
    assert callgate_here(world.database, "audit", "verify").status == 0
    kept = sorted(file.name[-4:] for file in world.database.parent.glob("callgate.db.before-2*"))
    assert len(kept) == 2 and kept[0] == "-wal"
