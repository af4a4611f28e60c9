"""The calls that were placed, how each is going, and for how long that is told."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sandbox.polyai.contract import CallOrder, PolyAIRefuses

Status = Literal["queued", "calling", "success", "failure"]
Step = tuple[float, Status, str]
"""Seconds after the placement, the status from then on, and its reason."""

RETENTION_SECONDS = 2 * 60 * 60
FINAL = ("success", "failure")


@dataclass(eq=False)
class PlacedCall:
    """A phone that rang, or will. The latest of `steps` that has come is its status."""

    call_sid: str
    to_number: str
    metadata: dict[str, str]
    encryption: str
    placed_at: float
    now: Callable[[], float]
    steps: list[Step]
    polls: list[float] = field(default_factory=list)
    lost: bool = False

    @property
    def status(self) -> Status:
        """The status at this moment."""
        return self._step[1]

    @property
    def reason(self) -> str:
        """The reason given with the status; empty for most."""
        return self._step[2]

    @property
    def forgotten(self) -> bool:
        """Whether the call's status is no longer told: it ended too long ago, or was lost on purpose."""
        seconds, status, _ = self._step
        ended = self.placed_at + seconds
        return self.lost or (status in FINAL and self.now() - ended > RETENTION_SECONDS)

    @property
    def _step(self) -> Step:
        # Success and failure never change, whatever steps come after.
        age, latest = self.now() - self.placed_at, self.steps[0]
        for step in self.steps:
            if step[0] <= age and latest[1] not in FINAL:
                latest = step
        return latest


class Calls:
    """All calls, by call_sid."""

    def __init__(self, now: Callable[[], float], progress: Sequence[Step]) -> None:
        self.by_sid: dict[str, PlacedCall] = {}
        self.progress = list(progress)
        self._now = now
        self._rings: Counter[str] = Counter()

    def place(self, order: CallOrder) -> PlacedCall:
        """Let the phone ring."""
        sid = f"OUT-{uuid.uuid4()}"
        steps: list[Step] = [(0, "queued", ""), *self.progress]
        now = self._now
        call = PlacedCall(sid, order.to_number, order.metadata, order.encryption, now(), now, steps)
        self.by_sid[sid] = call
        self._rings[order.to_number] += 1
        return call

    def rings(self, to_number: str) -> int:
        """How often the phone with this number (in E.164) was rung."""
        return self._rings[to_number]

    def set_status(self, call_sid: str, status: Status, reason: str) -> None:
        """Let the call be in this state from now on. A call that has ended stays as it is."""
        call = self.by_sid[call_sid]
        reached = [step for step in call.steps if step[0] <= self._now() - call.placed_at]
        call.steps = [*reached, (self._now() - call.placed_at, status, reason)]

    def polled(self, call_sid: str) -> PlacedCall:
        """Return the call whose status is asked for; PolyAIRefuses when it cannot be told."""
        if not call_sid.startswith("OUT-"):
            raise PolyAIRefuses(400, "invalid call SID format", "bad_request")
        call = self.by_sid.get(call_sid)
        if call is None or call.forgotten:
            raise PolyAIRefuses(404, "call SID not found", "not_found")
        call.polls.append(self._now())
        return call
