"""Runs trials in forked children, two at a time; a trial that uses up its processor time is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator

AT_ONCE = 2

LOADED = "ignore::pytest.PytestAssertRewriteWarning"
"""For pytest, which would have loaded hypothesis itself."""


def trials(tries: Iterable[tuple[str, Callable[[], bool], float]]) -> Iterator[tuple[str, bool]]:
    """Which trials passed. Each has a name, what is tried in a child of its own, and seconds of its CPU."""
    running: dict[int, str] = {}
    for name, trial, seconds in tries:
        running[_start(trial, seconds)] = name
        if len(running) == AT_ONCE:
            yield _ended(running)
    while running:
        yield _ended(running)


def _ended(running: dict[int, str]) -> tuple[str, bool]:
    child, status = os.wait()
    return running.pop(child), status == 0


def _start(trial: Callable[[], bool], seconds: float) -> int:
    child = os.fork()
    if child:
        return child
    try:
        _be_silent()
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)  # not caught: it ends the process
        passed = trial()
    except BaseException:  # whatever the mutant broke, it was noticed
        passed = False
    os._exit(0 if passed else 1)


def _be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
