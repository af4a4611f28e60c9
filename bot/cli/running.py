"""`callgate run` and `callgate sandbox`: the bot, against the real services or the emulated ones."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated

import typer
import uvloop

from bot.cli.process import run_until_stopped
from bot.ops.logs import set_up_logs
from bot.ops.settings import Settings, load_settings
from sandbox.page.run import DEFAULT_PORT, run_page
from sandbox.script import run_script


def run() -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    settings = load_settings(Settings)
    set_up_logs()
    uvloop.run(run_until_stopped(settings))


def sandbox(
    script: Annotated[bool, typer.Option("--script", help="Play one whole call and exit.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Of the page; 0: any.")] = DEFAULT_PORT,
) -> None:
    """Run the bot against an emulated Slack and an emulated PolyAI, with a page to play in."""
    well = asyncio.run(run_script(os.environ) if script else run_page(os.environ, port))
    raise typer.Exit(0 if well else 1)
