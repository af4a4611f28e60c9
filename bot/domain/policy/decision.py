"""What the dialing policy says of one call at one moment: every violation at once, and when it may go."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Rule(StrEnum):
    """The rules of the dialing policy."""

    SUPPRESSION_LIST = "suppression_list"
    COUNTRY = "country"
    NUMBER_TYPE = "number_type"
    CONSENT = "consent"
    BANNED = "banned"
    TIME_ZONE = "time_zone"
    CALLING_WINDOW = "calling_window"
    NOT_BEFORE = "not_before"
    BETWEEN_CALLS = "between_calls"
    CAP = "cap"
    QUIET_PERIOD = "quiet_period"


class Violation(BaseModel):
    """One rule that the call would break now.

    `reason` and `cure` are sentences for people, `source` is where the rule comes from. `until` is when
    waiting alone cures it (UTC); None where waiting does not.
    """

    model_config = ConfigDict(frozen=True)

    rule: Rule
    reason: str
    cure: str
    source: str
    until: datetime | None = None


class LocalTime(BaseModel):
    """A moment on the recipient's clock, as `2026-08-26T09:15-04:00`, and the zone it is read in."""

    model_config = ConfigDict(frozen=True)

    zone: str
    at: datetime


class Decision(BaseModel):
    """What the policy says of a call at the moment `at` (UTC), and what that is based on.

    `policy` names the version of the rules. `earliest` and `latest` are the recipient's possible local
    times. `hours` are the calling windows that apply, in words with their sources; `consent` are the consent
    rules, likewise. `consent` is empty if none is needed, None if the decision is older than this field.
    `next_allowed` is the first moment at which no rule is broken, as far as is known at `at`; None if waiting
    alone does not help.
    """

    model_config = ConfigDict(frozen=True)

    at: datetime
    policy: str
    zones: tuple[str, ...] = ()
    earliest: LocalTime | None = None
    latest: LocalTime | None = None
    hours: tuple[str, ...] = ()
    consent: tuple[str, ...] | None = None
    violations: tuple[Violation, ...] = ()
    next_allowed: datetime | None = None

    @property
    def allowed(self) -> bool:
        """Whether the call may be placed at this very moment."""
        return not self.violations

    @property
    def refusals(self) -> tuple[Violation, ...]:
        """The violations that waiting does not cure; with any of them the call is not placed at all."""
        if self.next_allowed is not None:
            return ()
        incurable = tuple(violation for violation in self.violations if violation.until is None)
        return incurable or self.violations
