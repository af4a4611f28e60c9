"""`callgate suppress`: an operator's way to the list, also while the bot runs."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import pwd
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import importing
from storage.database.threads import Database
from tests.operations.commands import callgate, callgate_here
from tests.support.old_database import old_database
from tests.support.world import NUMBER, World

OTHER = "+16176451985"
MASKED = "+1 617 ••• ••84"
ME = "cli:" + pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "callgate.db"
    Database(path).close()
    return path


def listed(database: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM suppressions ORDER BY number")]


def put(database: Path, name: str, text: str) -> str:
    path = database.with_name(name)
    path.write_text(text)
    return str(path)


async def test_beside_a_running_bot(world: World) -> None:
    """What waits is cancelled by the command, the bot tells the threads, and two have to take it off."""
    world.clock.jump(seconds=(datetime.now(UTC) - world.clock.now()).total_seconds() + 60)
    await world.start()
    card, imported = await world.ask(), await world.ask(to_number=OTHER)
    done = await callgate(world, "suppress", "add", "+1 617 645 1984", "--why", "They wrote to us")
    assert done.status == 0 and "1 waiting request to it was cancelled" in done.printed
    await world.told(card, f"Cancelled, because {ME} put this number on the suppression list")
    await world.shows(card, f"Cancelled by {ME}")
    file = put(world.database, "numbers.csv", f"{NUMBER}\n{OTHER},they rang\n")
    done = await callgate(world, "suppress", "import", file)
    assert done.status == 0
    assert "1 numbers are new on the list, 1 were on it already" in done.printed
    await world.shows(imported, "Call cancelled")
    await world.bob.click(imported, "approve", stale=True)
    await world.hears(world.bob, f"already cancelled by {ME}")
    done = await callgate(world, "suppress", "remove", OTHER, "--why", "A mistake")
    assert done.status == 0 and f"/call unstop {OTHER} agree 1" in done.printed
    assert listed(world.database) == [NUMBER, OTHER]
    await world.bob.type(f"/call unstop {OTHER} agree 1", world.channel)
    await world.hears(world.bob, "is off the suppression list")
    assert listed(world.database) == [NUMBER]
    (notice,) = await world.until(world.notices)
    assert f"{ME} asked for it (A mistake)" in notice
    assert (await callgate(world, "audit", "verify")).status == 0


def test_the_list_is_masked_and_the_export_can_be_imported_again(database: Path) -> None:
    """`list` shows no whole number unless it is asked to; `export` writes all, for its owner only."""
    file = put(database, "numbers.txt", f"{NUMBER},[red]they[/] rang\nsha256:{'0a' * 32}\n")
    assert callgate_here(database, "suppress", "import", file, "--why", "A list of June").status == 0
    shown = callgate_here(database, "suppress", "list").printed
    assert MASKED in shown and "[red]they[/]" in shown and "2 of 2" in shown and NUMBER not in shown
    assert NUMBER in callgate_here(database, "suppress", "list", "--full").printed
    exported, lines = (database.parent / name for name in ("out.csv", "out.jsonl"))
    assert callgate_here(database, "suppress", "export", "--output", str(exported)).status == 0
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600
    rows = list(csv.DictReader(exported.read_text().splitlines()))
    assert [(row["number"], row["why"], row["added_by"]) for row in rows] == [
        (NUMBER, "[red]they[/] rang", ME),
        ("sha256:" + "0a" * 32, "A list of June", ME),
    ]
    callgate_here(database, "suppress", "export", "--format", "jsonl", "--output", str(lines))
    assert [json.loads(line)["number"] for line in lines.read_text().splitlines()] == [
        row["number"] for row in rows
    ]
    again = callgate_here(database, "suppress", "import", str(exported))
    assert "0 numbers are new on the list, 2 were on it already" in again.printed


def test_no_reason_is_a_formula_in_the_export(database: Path) -> None:
    """A spreadsheet shows it and runs nothing; what is imported again is what it was."""
    reasons = ["=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(1)", "they rang", "'=1"]
    for number, why in enumerate(reasons):
        added = callgate_here(database, "suppress", "add", f"+1617645198{number}", "--why", why)
        assert added.status == 0
    exported = database.with_name("out.csv")
    callgate_here(database, "suppress", "export", "--output", str(exported))
    rows = list(csv.DictReader(exported.read_text().splitlines()))
    assert [row["why"] for row in rows] == [*("'" + why for why in reasons[:4]), "they rang", "'=1"]
    assert [row["number"] for row in rows] == [f"+1617645198{number}" for number in range(6)]
    fresh = database.with_name("fresh.db")
    Database(fresh).close()
    done = callgate_here(fresh, "suppress", "import", str(exported))
    assert 'taken from column 1, which is called "number"' in done.printed
    with contextlib.closing(sqlite3.connect(fresh)) as connection:
        found = connection.execute("SELECT why FROM suppressions ORDER BY number").fetchall()
    assert [why for (why,) in found] == [*reasons[:5], "=1"]


def test_two_columns_of_numbers_are_refused_even_with_skip_bad(database: Path) -> None:
    """Nobody can say which of them is meant, so no line of it is right."""
    file = put(database, "numbers.csv", f"phone,mobile\n{NUMBER},{OTHER}\n")
    assert 'in "phone" or "mobile"' in refused(database, "import", file, "--skip-bad")
    assert listed(database) == []


def test_a_file_with_a_wrong_line_is_not_imported(database: Path) -> None:
    """Every wrong line is named by its place, and nothing of it is shown; --skip-bad takes the rest."""
    file = put(
        database, "numbers.csv", f"number,why\n{NUMBER},x\n6176451986,x\n\n+1 617 645 19,x\n{OTHER},x\n"
    )
    done = callgate_here(database, "suppress", "import", file)
    assert done.status == 1 and "Nothing was imported: 2 lines are wrong" in done.printed
    assert "Line 3: Begin the number with +" in done.printed
    assert "Line 5: This number is too short" in done.printed
    assert "617" not in done.printed and listed(database) == []
    assert callgate_here(database, "suppress", "import", file, "--skip-bad").status == 0
    assert listed(database) == [NUMBER, OTHER]


def test_what_is_wrong_with_a_command_is_said_in_a_sentence(database: Path) -> None:
    """No number, no reason, no such country, not on the list, no database: exit status 1, no stack trace."""
    file = put(database, "numbers.csv", NUMBER)
    assert "Begin the number with +" in refused(database, "add", "617 645 1984", "--why", "x")
    assert "Say why" in refused(database, "add", NUMBER, "--why", " \u202e")
    assert "no such country" in refused(database, "import", file, "--country", "us")
    remove = ("remove", NUMBER, "--why", "x")
    assert "not on the suppression list" in refused(database, *remove)
    for words in (("add", NUMBER, "--why", "x"), remove):
        assert callgate_here(database, "suppress", *words).status == 0
    assert "has asked for that already" in refused(database, *remove)
    elsewhere = database.with_name("other.db")
    assert "There is no database" in refused(elsewhere, *remove) and not elsewhere.exists()
    old_database(elsewhere, "m0011_freezes").close()
    assert "older than this Callgate" in refused(elsewhere, *remove)


def test_an_import_leaves_room_for_the_bot_between_its_batches(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others can write after each batch; broken off, it is started again and nothing is lost."""
    file = put(database, "numbers.csv", "\n".join(f"+1617645{n:04}" for n in range(25)))

    def rest(_seconds: float) -> None:
        with contextlib.closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
        if len(listed(database)) == broken_off_at.pop():
            raise KeyboardInterrupt

    broken_off_at = [0, 0, 0, 20, 0]
    monkeypatch.setattr(importing, "_BATCH", 10)
    monkeypatch.setattr("bot.cli.importing.time.sleep", rest)
    assert callgate_here(database, "suppress", "import", file).status != 0
    assert len(listed(database)) == 20
    done = callgate_here(database, "suppress", "import", file)
    assert "5 numbers are new on the list, 20 were on it already" in done.printed
    assert callgate_here(database, "audit", "verify").status == 0


def refused(database: Path, *words: str) -> str:
    done = callgate_here(database, "suppress", *words)
    assert done.status == 1, done.printed
    return done.printed


def test_a_list_that_a_spreadsheet_spoiled_puts_no_other_numbers_on_it(database: Path) -> None:
    """A lost plus, a decimal and an exponent are named by their lines, and nobody's number is shown."""
    file = put(
        database, "numbers.csv", "number,why\n4915112345678,x\n4930901820.0,x\n4.93E+09,x\n030 901820,x\n"
    )
    done = callgate_here(database, "suppress", "import", file, "--country", "DE")
    assert done.status == 1 and "3 lines are wrong" in done.printed and listed(database) == []
    assert "Line 2: This can be +49 491 ••••••••78 or +49 151• •••••78" in done.printed
    for line in (3, 4):
        assert f"Line {line}: A spreadsheet changed this number" in done.printed
    skipped = callgate_here(database, "suppress", "import", file, "--country", "DE", "--skip-bad")
    assert skipped.status == 0 and listed(database) == ["+4930901820"]
