"""`python -m benchmarks [--write] [section ...]`: measure, print the tables, and keep them in the docs."""

from __future__ import annotations

import argparse
import asyncio
import logging

import structlog
from rich.console import Console

from benchmarks import acks, history, in_progress, page
from benchmarks.machine import machine

SECTIONS = {"acks": acks.measure, "load": in_progress.measure, "history": history.measure}


async def _measure(sections: list[str], console: Console, *, keep: bool) -> None:
    for name in sections:
        before = machine()
        with console.status(f"Measuring {name}"):
            tables = await SECTIONS[name]()
        console.print(*tables)
        if keep:
            page.write(name, before, tables)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "sections", nargs="*", metavar="section", help=f"of {', '.join(SECTIONS)}; all if none"
    )
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    chosen, console = parser.parse_args(), Console()
    if unknown := set(chosen.sections) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(unknown)}")
    if not console.is_terminal:
        console.width = page.WIDTH
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(_measure(chosen.sections or list(SECTIONS), console, keep=chosen.write))


main()
