"""Files that hold secrets or personal data, and that others on the machine can read all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_OTHERS = 0o077
_SETTINGS = Path("callgate.toml")


def open_to_others(database: Path) -> Iterator[str]:
    """The database, what SQLite keeps beside it, copies of it, and the settings, if others can read them."""
    for file in (_SETTINGS, database, *sorted(database.absolute().parent.glob(f"{database.name}[.-]*"))):
        if file.is_file() and file.stat().st_mode & _OTHERS:
            yield str(file)
