"""The switches for trouble: how the emulated PolyAI and Slack misbehave until they are switched back."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.faults import Fault, hang, lose_answer
from sandbox.page.refusals import Malformed
from sandbox.polyai.faults import answer, gateway
from sandbox.polyai.server import EmulatedPolyAI
from sandbox.slack.faults import rate_limited
from sandbox.slack.server import EmulatedSlack

NONE = "none"

POLYAI = {
    NONE: "Answers as it should",
    "401": "401: refuses the token",
    "429": "429: too many requests",
    "500": "500: fails to place it",
    "gateway": "Places it, a gateway answers 500",
    "nothing": "Says nothing at all",
    "lost_answer": "Places it, answer is lost",
}
SLACK = {NONE: "Answers as it should", "429": "429: too many requests"}

_POSTING = ("chat.postMessage", "chat.postEphemeral", "chat.update", "views.open")
_PLACING: dict[str, Callable[[], Fault]] = {
    "429": lambda: answer(429),
    "500": lambda: answer(500),
    "gateway": lambda: gateway(500),
    "nothing": hang,
    "lost_answer": lose_answer,
}
_RETRY_AFTER = 2


class Trouble:
    """What is switched on at each service; one thing at a time."""

    def __init__(self, slack: EmulatedSlack, polyai: EmulatedPolyAI, changed: Callable[[], None]) -> None:
        self._slack, self._polyai, self._changed = slack, polyai, changed
        self.polyai = self.slack = NONE

    def told(self) -> dict[str, str]:
        """What is switched on, for the page."""
        return {"polyai": self.polyai, "slack": self.slack}

    def set(self, where: str, kind: str) -> None:
        """Switch it on, or with "none" off; Malformed when there is no such trouble."""
        if kind not in (POLYAI if where == "polyai" else SLACK):
            raise Malformed(f"There is no trouble called {kind!r} at {where}.")
        if where == "polyai":
            self._set_polyai(kind)
        else:
            self._set_slack(kind)
        self._changed()

    def _set_polyai(self, kind: str) -> None:
        self.polyai = kind
        self._polyai.faults.clear()
        self._polyai.refuse_token = kind == "401"
        if kind in _PLACING:
            self._polyai.faults.add("place", _PLACING[kind](), times=None)
        if kind in ("429", "500", "nothing"):
            self._polyai.faults.add("status", _PLACING[kind](), times=None)

    def _set_slack(self, kind: str) -> None:
        self.slack = kind
        for method in _POSTING:
            self._slack.faults.clear(method)
            if kind == "429":
                self._slack.faults.add(method, rate_limited(_RETRY_AFTER), times=None)
