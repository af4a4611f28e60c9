"""Runs the sandbox as somebody would who types `make sandbox`, and finds a browser to look at it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.process_world import ALWAYS_OPEN, NO_CAPS

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COMMAND = (sys.executable, "-m", "bot", "sandbox", "--port", "0")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def chromium() -> str | None:
    """Where a Chromium is, if there is one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@contextmanager
def sandbox_process(folder: Path, command: Sequence[str] = COMMAND) -> Iterator[str]:
    """Run it until the end of the block; gives its address."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"TMPDIR": str(folder), "CALLGATE_CALLING_WINDOWS": str(ALWAYS_OPEN)}
    environment |= {"CALLGATE_POLICY": str(NO_CAPS)}
    with subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()
            process.communicate(timeout=20)
    assert process.returncode == 0, f"the sandbox ended with {process.returncode}"


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if found := _ADDRESS.search(line):
            return found[0]
    raise AssertionError(f"the sandbox printed no address:\n{''.join(said)}")
