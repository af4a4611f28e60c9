"""What the slash command is called here: `/call`, unless another app of the workspace has that word."""

from __future__ import annotations

DEFAULT = "/call"

_chosen = DEFAULT


def use(name: str) -> None:
    """From now on it has this name: a process has one, and so many sentences say it that it is said here."""
    global _chosen
    _chosen = name


def command(words: str = "") -> str:
    """What people type: `/call`, or `/call stop` with the words after it."""
    return f"{_chosen} {words}".strip()
