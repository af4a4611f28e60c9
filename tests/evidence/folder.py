"""What tests do with a folder of evidence: look into it, tamper with it, check it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.ops.evidence.check import FILES, Evidence, as_json
from bot.ops.evidence.page import pages


def checked(folder: Path, *kept: str) -> tuple[int, str]:
    """What the shipped check says, in an interpreter that knows nothing of us."""
    command = [sys.executable, "-I", str(folder / "check.py"), *kept]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    return done.returncode, done.stdout + done.stderr


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text())


def seal(folder: Path) -> None:
    """Write the sums anew, as somebody who tampers would."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    ]
    (folder / "SHA256SUMS").write_text("".join(sums))


def write(folder: Path, name: str, value: Any) -> None:
    """A file of JSON as Callgate writes it."""
    (folder / name).write_bytes(as_json(value))


def remake(folder: Path) -> None:
    """Make the pages and the sums anew, as somebody who tampers well would."""
    there = {name: (folder / name).read_bytes() for name in FILES if (folder / name).exists()}
    for name, content in pages(there).items():
        (folder / name).write_bytes(content)
    seal(folder)


def problems(folder: Path) -> list[str]:
    """What the check finds, without a process for each."""
    return Evidence(folder).found()
