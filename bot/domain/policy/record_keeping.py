"""How long the details of a call request are kept, and what asks for it.

None of this is legal advice. What nobody was dialed for is kept for a time of the operator's choice; what
was, or may have been, dialed is kept as long as records of such calls have to be:

- marketing: 16 CFR 310.5(b), five years;
- debt collection: 12 CFR 1006.100(a), three years after the last collection activity on the debt. We know
  the number and not the debt, so every later attempt on the same number for this purpose counts;
- informational and other: our choice, as for marketing, because who looks at a call years later may see
  another purpose in it.

How long that is stands in the dialing policy (`keep_records`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ask import Purpose
from bot.domain.call_request import CallRequest
from bot.domain.policy.records import LOOK_BACK

SOURCES: Mapping[Purpose, str] = {
    Purpose.MARKETING: "16 CFR 310.5",
    Purpose.DEBT_COLLECTION: "12 CFR 1006.100",
}
"""Where that comes from; the rest is our choice."""

FROM_LAST_ACTIVITY = frozenset({Purpose.DEBT_COLLECTION})
"""Purposes whose records are kept from the last call to the same number on, not each from its own."""


@dataclass(frozen=True)
class Keeping:
    """How long what is kept: requests never dialed, what Slack was told, and records of calls."""

    undialed: timedelta
    messages: timedelta
    records: Mapping[Purpose, timedelta]

    def period(self, purpose: Purpose, *, dialed: bool) -> timedelta:
        """How long the details of such a request are kept; never shorter than the policy looks back."""
        return max(self.records[purpose], LOOK_BACK) if dialed else self.undialed


def was_dialed(request: CallRequest) -> bool:
    """Whether a dial attempt was made, whatever came of it: in doubt it is a call."""
    return request.attempts > 0


def needed_until(request: CallRequest, keeping: Keeping, last_activity: datetime | None) -> datetime | None:
    """Until when record-keeping needs a finished request's details; None where nobody was dialed.

    `last_activity` is when the last call to the same number for the same purpose ended.
    """
    if not was_dialed(request):
        return None
    ended = _ended(request)
    if request.purpose in FROM_LAST_ACTIVITY and last_activity is not None:
        ended = max(ended, last_activity)
    return ended + keeping.period(request.purpose, dialed=True)


def kept_until(request: CallRequest, keeping: Keeping, last_activity: datetime | None = None) -> datetime:
    """Until when a finished request's details are kept."""
    needed = needed_until(request, keeping, last_activity)
    return needed or _ended(request) + keeping.period(request.purpose, dialed=False)


def _ended(request: CallRequest) -> datetime:
    if request.finished_at is None:
        raise ValueError(f"{request.id} is still under way")
    return request.finished_at
