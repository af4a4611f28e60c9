"""How long the details of a call request are kept, and which law requires it.

None of this is legal advice. The operator chooses how long a request is kept for which nobody was dialed.
One that was dialed, or may have been, is kept as long as records of such calls have to be:

- marketing: 16 CFR 310.5(b), five years;
- debt collection: 12 CFR 1006.100(a), three years after the last collection activity on the debt. We know
  the number and not the debt, so every later attempt on the same number for this purpose counts;
- informational and other: our choice, the same as for marketing, because somebody who looks at a call
  years later may see another purpose in it.

The periods are in the dialing policy (`keep_records`).
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
"""The law behind a period; the rest is our choice."""

FROM_LAST_ACTIVITY = frozenset({Purpose.DEBT_COLLECTION})
"""Purposes whose records are kept from the last call to the same number, not each from its own end."""


@dataclass(frozen=True)
class Keeping:
    """How long each kind is kept: requests never dialed, messages to Slack, and records of calls."""

    undialed: timedelta
    messages: timedelta
    records: Mapping[Purpose, timedelta]

    def period(self, purpose: Purpose, *, dialed: bool) -> timedelta:
        """How long the details of such a request are kept: at least as long as the policy looks back."""
        return max(self.records[purpose], LOOK_BACK) if dialed else self.undialed


def was_dialed(request: CallRequest) -> bool:
    """Whether a dial attempt was made, whatever its outcome: in doubt it counts as a call."""
    return request.attempts > 0


def needed_until(request: CallRequest, keeping: Keeping, last_activity: datetime | None) -> datetime | None:
    """Until when a finished request's details have to be kept; None where nobody was dialed.

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
