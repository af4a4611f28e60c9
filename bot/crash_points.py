"""Named places between every two effects, at each of which a test can have the process die.

`CALLGATE_CRASH_AT="before POST"` ends it there, `CALLGATE_CRASH_AT="after chat_postMessage:2"` at the second
time. Without the variable a place costs one look at a constant. The names come from what is under way, so
that an effect nobody thought of has one too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

EXIT_CODE = 86
"""How the process ends at the place."""

_place, _, _times = os.environ.get("CALLGATE_CRASH_AT", "").partition(":")
_left = int(_times or 1)
_written: list[str] = []
_NOWHERE = nullcontext()


def reached(place: str) -> None:
    """End the process here, at once and without any farewell, if this is the place and the time."""
    global _left
    if place == _place:
        _left -= 1
        if not _left:
            os._exit(EXIT_CODE)


def around(effect: str) -> AbstractContextManager[None]:
    """The two places of one effect: before it, and after it if it did not raise."""
    return _around(effect) if _place else _NOWHERE


@contextmanager
def _around(effect: str) -> Iterator[None]:
    reached(f"before {effect}")
    yield
    reached(f"after {effect}")


def writes(what: str) -> None:
    """Say what the transaction under way writes: the two places of its commit have every such name."""
    if _place:
        _written.append(what)


@contextmanager
def commit() -> Iterator[None]:
    """The places before and after a commit, of everything that it makes durable."""
    names, _written[:] = list(_written), []
    for name in names:
        reached(f"before commit of {name}")
    yield
    for name in names:
        reached(f"after commit of {name}")
