"""What PolyAI's answers let us conclude, in our words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Conclusion(StrEnum):
    """What we know of a call after its POST; the only question is whether a phone may ring."""

    PLACED = "placed"
    NEVER_SENT = "never_sent"
    REFUSED = "refused"
    HELD = "held"
    """Refused, and every other call would be too: credentials or connector."""
    NOT_ACCEPTED = "not_accepted"
    """Over the account's rate limit."""
    FAILED_TO_PLACE = "failed_to_place"
    """The contract says: not placed, try again."""
    UNKNOWN = "unknown"
    """A phone may be ringing."""


SHOWS_ACCESS = frozenset({Conclusion.PLACED, Conclusion.REFUSED, Conclusion.FAILED_TO_PLACE})
"""Only who accepts our credentials answers so."""


@dataclass(frozen=True)
class Answer:
    """The answer to one POST. `retry_after` is in seconds; `message` is PolyAI's own text or ours.

    `body` is the beginning of what came back, for the record; None where nothing did.
    """

    conclusion: Conclusion
    message: str = ""
    call_sid: str | None = None
    http_status: int | None = None
    correlation_id: str | None = None
    retry_after: float | None = None
    body: str | None = None


class PollResult(StrEnum):
    """What came of asking for a call's status."""

    STATUS = "status"
    NOT_FOUND = "not_found"
    """Never existed, or PolyAI no longer keeps it: the contract does not tell them apart."""
    NO_ANSWER = "no_answer"
    """Nothing was learnt; ask again."""


@dataclass(frozen=True)
class StatusAnswer:
    """The answer to one status request. `status` is PolyAI's word in lower case."""

    result: PollResult
    status: str = ""
    reason: str = ""
    retry_after: float | None = None
