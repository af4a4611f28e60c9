"""Payloads with something wrong in them: a part missing, of another type, nested, huge, not ours."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Path = tuple[str | int, ...]

DEEP: dict[str, Any] = {}
for _ in range(60):
    DEEP = {"id": [DEEP]}

JUNK: list[Any] = [
    *(None, True, False, 0, -1, 10**30, 1.5, "", " ", "x", "null", "0"),
    *("x" * 10_000, "<!channel>", "U0EVIL> <!here>", "../../etc", "\u202eevil", "a\x00b", "١٢٣"),
    *("\ud800", "CR-0000000000000000:" + "0" * 64, "{}", "[" * 3_000, "https://evil.example/x"),
    *([], {}, [[]], [None], {"": None}, {"id": 5}, DEEP, ["x"] * 1_000),
]
"""None of it is the id of anybody or anything in the workspace."""


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """The way to every part of a payload."""
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*at, key))


def changed(payload: dict[str, Any], at: Path, how: str, junk: Any) -> dict[str, Any]:
    """A copy in which the part at the path is dropped, replaced, wrapped, or has company."""
    result = copy.deepcopy(payload)
    if not at:
        return {**result, "extra": junk}
    inner = result
    for key in at[:-1]:
        inner = inner[key]  # type: ignore[assignment,index]
    match how:
        case "drop":
            del inner[at[-1]]
        case "wrap":
            inner[at[-1]] = [inner[at[-1]]]
        case _:
            inner[at[-1]] = junk
    return result


MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, 9_999),
        st.integers(0, 9_999),
        st.sampled_from(["drop", "replace", "replace", "wrap"]),
        st.sampled_from(JUNK),
    ),
    min_size=1,
    max_size=3,
)
"""What goes wrong, said without a look at the payload: of two places the one nearer its top, and how."""


def mutated(payload: dict[str, Any], mutations: list[tuple[int, int, str, Any]]) -> dict[str, Any]:
    """The payload after all of them."""
    for one, other, how, junk in mutations:
        ways = sorted(paths(payload), key=len)
        payload = changed(payload, ways[min(one % len(ways), other % len(ways))], how, junk)
    return payload
