"""What the database knows that the dialing policy asks about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.call_request import AlsoOpen

LOOK_BACK = timedelta(days=90)
"""How far back the records go; no rolling window may be longer."""


@dataclass(frozen=True)
class Records:
    """Of one number, and for calls of one purpose. Read in the transaction that relies on it.

    `attempts` are the times of the dial attempts that rang or may have rung, in the last `LOOK_BACK`;
    `last_attempt` is the last of these for whatever purpose. `also_open` are the other requests to the
    number, for any purpose, that have not ended.
    """

    suppressed: bool = False
    attempts: tuple[datetime, ...] = ()
    last_success: datetime | None = None
    last_attempt: datetime | None = None
    frozen: bool = False
    also_open: AlsoOpen | None = None
