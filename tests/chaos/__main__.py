"""`python -m tests.chaos`: a long run by hand; `make chaos` starts it."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.chaos.plan import Round, plan
from tests.chaos.report import broken, table
from tests.chaos.run import run

console = Console(highlight=False)


def main(
    seed: Annotated[int | None, typer.Option(help="The script is drawn from it. Default: a new one.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Of about eight seconds each.")] = 32,
    script: Annotated[bool, typer.Option("--script", help="Print the script first.")] = False,
) -> None:
    """Run the bot among people, faults and kills, and hold what came of it against the promises."""
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    actions, folder = plan(seed, rounds), Path(tempfile.mkdtemp(prefix="callgate-chaos-"))
    console.print(f"seed {seed}, {rounds} rounds; the database and the bot's log: {folder}", soft_wrap=True)
    if script:
        _print_script(actions)
    outcome = asyncio.run(run(actions, folder, console.print))
    console.print(table(outcome, seed, rounds))
    if wrong := broken(outcome):
        _print_script(actions)
        console.print("\n".join(wrong), style="red", soft_wrap=True, markup=False)
        raise typer.Exit(1)


def _print_script(rounds: list[Round]) -> None:
    for number, actions in enumerate(rounds, 1):
        console.print(f"round {number}")
        for action in actions:
            console.print(f"  {action}", markup=False)


if __name__ == "__main__":
    typer.run(main)
