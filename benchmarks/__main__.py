"""`python -m benchmarks [--write]`: measure, print the table, and with `--write` keep it in the docs."""

from __future__ import annotations

import argparse
import asyncio

from rich.console import Console

from benchmarks import page
from benchmarks.acks import measure_acks
from benchmarks.approve_to_post import measure_approve_to_post
from benchmarks.machine import machine
from benchmarks.report import WIDTH, Report


async def _measure(console: Console) -> Report:
    before = machine()
    with console.status("Measuring acknowledgements, side by side"):
        acks = await measure_acks()
    with console.status("Measuring from Approve to PolyAI"):
        return Report(before, acks, await measure_approve_to_post())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    keep, console = parser.parse_args().write, Console()
    if not console.is_terminal:
        console.width = WIDTH
    report = asyncio.run(_measure(console))
    report.show(console)
    if keep:
        page.write(report)


main()
