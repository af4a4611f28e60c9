"""`callgate run` and `callgate sandbox`: the bot, against the real services or the emulated ones."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated

import structlog
import typer
import uvloop

from bot.cli.process import run_until_stopped
from bot.domain.errors import CallgateError
from bot.ops.logs import set_up_logs
from bot.ops.settings import Settings, load_settings
from sandbox.page.run import DEFAULT_PORT, run_page
from sandbox.script import run_script

log = structlog.get_logger()


def run() -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    set_up_logs()
    try:
        uvloop.run(run_until_stopped(load_settings(Settings)))
    except CallgateError as error:
        log.error("cannot_run", reason=error.sentence)
        raise typer.Exit(1) from None


def sandbox(
    script: Annotated[bool, typer.Option("--script", help="Play one whole call and exit.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Of the page; 0: any.")] = DEFAULT_PORT,
) -> None:
    """Run the bot against an emulated Slack and an emulated PolyAI, with a page to play in."""
    well = asyncio.run(run_script(os.environ) if script else run_page(os.environ, port))
    raise typer.Exit(0 if well else 1)
