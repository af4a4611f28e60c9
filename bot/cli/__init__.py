"""The command line."""

from __future__ import annotations

import typer
from rich.console import Console

from bot.cli.checking import doctor
from bot.cli.database import backup, init, restore
from bot.cli.dialing import freeze, resume
from bot.cli.evidence import evidence
from bot.cli.keeping import forget, purge
from bot.cli.listing import calls
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
    """Run the command line; an error of ours is one sentence and exit status 1."""
    try:
        cli()
    except CallgateError as error:
        Console(stderr=True).print(error.sentence, markup=False, highlight=False)
        raise SystemExit(1) from None
