"""The command line."""

from __future__ import annotations

import errno
import os
import sys
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from bot.cli.checking import doctor
from bot.cli.database import backup, init, restore
from bot.cli.dialing import freeze, resume
from bot.cli.evidence import evidence
from bot.cli.keeping import forget, purge
from bot.cli.listing import calls
from bot.cli.output import unwritable
from bot.cli.policy import policy
from bot.cli.record import audit
from bot.cli.running import run, sandbox
from bot.cli.suppressing import suppress
from bot.domain.errors import CallgateError

cli = typer.Typer(
    help="Voice calls from Slack that no one person can place alone.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    *(init, run, doctor, calls, evidence, purge, forget),
    *(freeze, resume, backup, restore, sandbox),
):
    cli.command()(command)
cli.add_typer(audit, name="audit")
cli.add_typer(policy, name="policy")
cli.add_typer(suppress, name="suppress")


def main() -> None:
    """Run the command line; an error of ours, or a disk that is full, is one sentence and exit status 1."""
    try:
        cli()
    except CallgateError as error:
        _end_with(error)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        # What could not be printed would be tried once more when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _end_with(unwritable(None, error))


def _end_with(error: CallgateError) -> NoReturn:
    Console(stderr=True).print(error.sentence, markup=False, highlight=False)
    raise SystemExit(1)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"callgate {version('callgate')}")
        raise typer.Exit


@cli.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """What can be given before a command."""
