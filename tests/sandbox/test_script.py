"""`callgate sandbox --script`: what it prints and what it leaves behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from sandbox.script import Script, run_script
from tests.support.process_world import ALWAYS_OPEN

ENVIRONMENT = {"CALLGATE_CALLING_WINDOWS": str(ALWAYS_OPEN)}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.timeout(120)
async def test_a_whole_call_is_printed_as_people_read_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No mark-up of Slack's is printed, and a folder of which nobody needs anything is gone."""
    assert await run_script(ENVIRONMENT)
    said = capsys.readouterr().out
    assert "Call connected" in said and "Approved by @Bob 20" in said and "Requester" in said
    for raw in ("<!date", "<@", "*Requester*", "`CR-"):
        assert raw not in said
    assert not left_in(folder) and "The database" not in said


async def test_what_is_needed_to_see_what_went_wrong_stays(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot's log and its database are where the last line says."""

    async def fails(script: Script) -> None:
        raise AssertionError("not seen: anything")

    monkeypatch.setattr(Script, "play", fails)
    assert not await run_script(ENVIRONMENT)
    (left,) = left_in(folder)
    assert {"bot.log", "callgate.db"} <= {each.name for each in left_in(left)}
    assert f"The bot's log: {left / 'bot.log'}" in capsys.readouterr().out


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())
