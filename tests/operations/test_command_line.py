"""What all commands have in common: help, the version, whole ids, a sentence where nothing can be written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.ops.evidence import bundle
from storage.database.threads import Database
from tests.operations.commands import REPOSITORY, Done, callgate, callgate_here
from tests.support.world import NUMBER, World

FULL = "cannot be written: No space left on device. What is in it is not complete."


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "callgate.db"
    Database(path).close()
    return path


def shell(database: Path, line: str) -> Done:
    """Run a line of a shell in which `callgate` is the command."""
    callgate = f"callgate() {{ '{sys.executable}' -m bot \"$@\"; }}; set -o pipefail; "
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
        "CALLGATE_DATABASE": str(database),
    }
    done = subprocess.run(
        ["bash", "-c", callgate + line],
        env=environment,
        cwd=database.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout + done.stderr)


@pytest.mark.parametrize("words", ["", "audit", "audit verify", "suppress import", "run", "calls"])
def test_h_is_help_everywhere(database: Path, words: str) -> None:
    """The short option too, for the program, its groups and their commands."""
    done = callgate_here(database, *words.split(), "-h")
    assert done.status == 0 and "Usage: " in done.printed


def test_the_version_is_that_of_the_package(database: Path) -> None:
    """As pip knows it."""
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
    assert callgate_here(database, "--version") == Done(0, f"callgate {version}\n")


@pytest.mark.parametrize("words", ["audit export --format csv", "suppress export"])
def test_an_export_to_a_full_disk_is_one_sentence(database: Path, words: str) -> None:
    """To a file or through the shell, whether the first byte does not fit or the last."""
    for line, name in (
        (f"{words} --output /dev/full", "/dev/full"),
        (f"{words} > /dev/full", "Standard output"),
    ):
        done = shell(database, f"callgate {line}")
        assert done.status == 1 and " ".join(done.printed.split()) == f"{name} {FULL}"


def test_what_cannot_be_printed_is_one_sentence(database: Path) -> None:
    """Of a command that only says something, too."""
    for words in ("policy shipped", f"policy explain {NUMBER}", "calls", "suppress list"):
        done = shell(database, f"callgate {words} > /dev/full")
        assert done.status == 1 and " ".join(done.printed.split()) == f"Standard output {FULL}"


def test_an_export_into_a_closed_pipe_is_one_sentence(database: Path) -> None:
    """Whoever reads it has gone."""
    done = shell(database, "callgate suppress export | true")
    assert done.status == 1
    assert "Standard output cannot be written: Broken pipe" in " ".join(done.printed.split())
    assert "Traceback" not in done.printed and "Exception" not in done.printed


async def test_evidence_on_a_full_disk_is_one_sentence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing of it is left that could be taken for all of it."""
    await world.start()
    await world.ask()
    (row,) = world.rows("SELECT id FROM call_requests")

    def full(descriptor: int, _mode: str) -> None:
        os.close(descriptor)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundle.os, "fdopen", full)
    for more in ((), ("--zip",)):
        output = world.database.with_name("evidence")
        done = callgate_here(world.database, "evidence", row["id"], "--output", str(output), *more)
        assert (done.status, done.printed) == (1, f"{output} cannot be written: No space left on device.")
        assert not output.exists()


async def test_calls_are_listed_with_whole_ids(world: World) -> None:
    """In a pipe and in a narrow terminal; the time is said to be UTC, and the number is masked."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")
    (row,) = world.rows("SELECT id, call_sid, created_at FROM call_requests")
    done = await callgate(world, "calls", COLUMNS="40")
    assert "asked (UTC)" in done.printed and "+1 617 ••• ••84" in done.printed
    assert row["id"] in done.printed and row["call_sid"] in done.printed
    done = await callgate(world, "calls", "--json")
    (line,) = done.printed.splitlines()
    assert json.loads(line) == {
        "request": row["id"],
        "asked_at": row["created_at"],
        "requester": world.alice.id,
        "number": "+1 617 ••• ••84",
        "status": "succeeded",
        "call_sid": row["call_sid"],
    }
