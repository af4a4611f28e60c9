"""What one check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import CallgateError, Misconfigured

MAX_ITEMS = 20


class Mark(StrEnum):
    """How it stands."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, how it stands, and what to do about it.

    `items` are lines of their own: each thing that the check is about.
    """

    what: str
    mark: Mark
    says: str
    advice: str = ""
    items: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The finding as it is printed."""
        first = f"{self.mark.value:<8} {self.what:<14} {self.says}"
        more = [f"and {len(self.items) - MAX_ITEMS} more"] if len(self.items) > MAX_ITEMS else []
        advice = [f"-> {self.advice}"] if self.advice else []
        return [first, *(f"{'':<24}{line}" for line in (*self.items[:MAX_ITEMS], *more, *advice))]


def ok(what: str, says: str) -> Finding:
    """All is well."""
    return Finding(what, Mark.OK, says)


def warning(what: str, says: str, advice: str, items: tuple[str, ...] = ()) -> Finding:
    """It works, and somebody should know what that means."""
    return Finding(what, Mark.WARNING, says, advice, items)


def wrong(what: str, says: str, advice: str, items: tuple[str, ...] = ()) -> Finding:
    """Something has to be done."""
    return Finding(what, Mark.WRONG, says, advice, items)


def refused(what: str, error: CallgateError) -> Finding:
    """Slack did not answer it, or refuses us."""
    if isinstance(error, Misconfigured):
        return wrong(what, error.sentence, "Then start the bot again.")
    return wrong(what, error.sentence, "Check SLACK_API_URL and the way to Slack, or wait if Slack is down.")


def skipped(what: str, why: str) -> Finding:
    """It could not be looked at."""
    return Finding(what, Mark.SKIPPED, why)
