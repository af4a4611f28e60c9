"""What the dialing policy needs to know from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.call_request import AlsoOpen

LOOK_BACK = timedelta(days=90)
"""How far back the policy looks; no rolling window may be longer."""


@dataclass(frozen=True)
class Records:
    """About one number, and calls for one purpose. Read in the transaction that relies on it.

    `attempts` are the times of the dial attempts that rang or may have rung, in the last `LOOK_BACK`.
    `last_attempt` is the last one for any purpose. `also_open` are the other requests to the number, for any
    purpose, that have not ended.
    """

    suppressed: bool = False
    attempts: tuple[datetime, ...] = ()
    last_success: datetime | None = None
    last_attempt: datetime | None = None
    frozen: bool = False
    also_open: AlsoOpen | None = None
