"""The three things whose acknowledgement is measured, and how to see that each really happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks.load import Signed
from benchmarks.stage import Stage


@dataclass(frozen=True)
class Kind:
    """`make` makes so many requests; `done` counts how many have had their effect so far."""

    name: str
    make: Callable[[Stage, int], Awaitable[list[Signed]]]
    done: Callable[[Stage], Awaitable[int]]
    durable_when_acked: bool = False


async def _opened(ready: Stage) -> int:
    return int(await ready.told("opened"))


async def _stored(ready: Stage) -> int:
    return ready.product.requests()


async def _approved(ready: Stage) -> int:
    return ready.product.approved()


async def _approvals(ready: Stage, count: int) -> list[Signed]:
    pending = ready.product.pending()
    if len(pending) < count:
        raise RuntimeError(f"{len(pending)} requests are pending, and {count} are to be approved")
    return await ready.approvals(pending[:count])


KINDS = (
    Kind("/call", Stage.commands, _opened),
    Kind("form", Stage.submissions, _stored, durable_when_acked=True),
    Kind("Approve", _approvals, _approved),
)
