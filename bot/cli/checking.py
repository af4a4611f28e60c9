"""`callgate doctor`: one line a check."""

from __future__ import annotations

import asyncio

import typer

from bot.ops.clock import SystemClock
from bot.ops.doctor.examine import examine
from bot.ops.doctor.finding import Mark


def doctor() -> None:
    """Check settings, policy, port, database, Slack, PolyAI and the work at hand; also while the bot runs."""
    raise typer.Exit(0 if asyncio.run(_examine()) else 1)


async def _examine() -> bool:
    """Print each finding as soon as it is there; returns whether nothing is wrong."""
    well = True
    async for finding in examine(SystemClock()):
        typer.echo("\n".join(finding.lines()))
        well = well and finding.mark is not Mark.WRONG
    return well
