"""A moment as the recipient's clock shows it, for people who look at another one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.domain.policy.tzdb import zone


def where_they_are(at: datetime, zones: Collection[str]) -> str:
    """The moment in words, to be put behind another clock's; empty where no zone is known.

    Where the zones differ it is the earliest and the latest time.
    """
    local = sorted(at.astimezone(zone(name)).replace(tzinfo=None) for name in zones)
    if not local:
        return ""
    early, late = (f"{at:%a} {at.day} {at:%b, %H:%M}" for at in (local[0], local[-1]))
    there = early if early == late else f"between {early} and {late}"
    return f" ({there} where the recipient is)"
