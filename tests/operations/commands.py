"""Runs `callgate …` as an operator does: as a process, with the settings of a world."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import cli
from bot.domain.errors import CallgateError
from sandbox.bot_process import BotProcess, handed_on
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
        **handed_on(os.environ),
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
    env = {name: value for name, value in environment.items() if value is not None}
    log = world.database.with_name("command.log")
    log.unlink(missing_ok=True)
    process = BotProcess(env, log, ("-m", "bot", *words))
    process.start()
    try:
        return Done(await asyncio.wait_for(process.ended(), 30), log.read_text())
    finally:
        await process.kill()
