"""Runs `callgate …` as an operator does: as a process, with the settings of a world."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import cli
from bot.domain.errors import CallgateError
from tests.support.world import World

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """How it ended, and what it printed."""

    status: int
    printed: str


def callgate_here(database: Path, *words: str) -> Done:
    """Run a command that needs nothing but the database, in this process: it is there at once."""
    done = CliRunner().invoke(cli, words, env={"CALLGATE_DATABASE": str(database), "COLUMNS": "120"})
    if isinstance(done.exception, CallgateError):
        return Done(1, done.output + done.exception.sentence)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return Done(done.exit_code, done.output)


async def callgate(world: World, *words: str, **changes: str | None) -> Done:
    """Run a command to its end."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
        "SLACK_BOT_TOKEN": world.slack.bot_token,
        "SLACK_APP_TOKEN": world.slack.app_token,
        "SLACK_API_URL": world.slack.api_url,
        "POLYAI_BASE_URL": world.polyai.url,
        "POLYAI_AUTH_TOKEN": world.polyai.token,
        "CALLGATE_APPROVERS": f"{world.bob.id}, {world.carol.id}",
        "CALLGATE_DATABASE": str(world.database),
        "CALLGATE_HTTP_PORT": "0",
        **changes,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        env={name: value for name, value in environment.items() if value is not None},
        cwd=world.database.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        printed, _ = await asyncio.wait_for(process.communicate(), 30)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return Done(process.returncode, printed.decode())
