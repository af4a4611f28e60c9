"""The bot as a process of its own, forked from one that has loaded the code already: it starts at once."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from bot import crash_points
from bot.cli import run
from sandbox.bot_process import BotProcess

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


class ForkedBot(BotProcess):
    """Runs `callgate run`; everything about it but its start is as with any process."""

    def start(self) -> None:
        self._process = _FORKS.Process(target=_live, args=(self._env, self.log), daemon=True)
        self._process.start()

    @property
    def exit_code(self) -> int | None:
        return None if self._process is None else self._process.exitcode


def _live(env: Mapping[str, str], log: Path) -> None:
    out = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    for number in (1, 2):
        os.dup2(out, number)
    os.chdir(log.parent)
    os.environ.clear()
    os.environ.update(env)
    importlib.reload(crash_points)  # which has read the environment of the process it was forked from
    run()
    sys.stdout.flush()
