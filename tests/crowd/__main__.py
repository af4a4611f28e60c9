"""`python -m tests.crowd`: a thousand calls in one channel; `make crowd` starts it."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.crowd.report import broken, table
from tests.crowd.run import run

console = Console(highlight=False)


def main(
    calls: Annotated[int, typer.Option(min=1)] = 1000,
    speed: Annotated[float, typer.Option(min=1.0, help="Of the clock, while Slack is told.")] = 10.0,
) -> None:
    """Have so many calls end at once in one channel, and see when everybody can see it."""
    with tempfile.TemporaryDirectory(prefix="callgate-crowd-") as folder:
        outcome = asyncio.run(run(Path(folder), calls, speed, console.print))
    console.print(table(outcome, speed))
    if wrong := broken(outcome):
        console.print("\n".join(wrong), style="red", soft_wrap=True, markup=False)
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
