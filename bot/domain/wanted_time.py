"""The time at which a call is wanted: from a date and a time on the recipient's clock to a moment."""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, datetime, timedelta

from bot.domain.errors import InvalidFields
from bot.domain.policy.tzdb import zone as zone_named

MAX_AHEAD = timedelta(days=60)
"""How far ahead a call may be requested: an approval is for something that people still remember."""


def moment_of(there: datetime, zones: Set[str]) -> datetime:
    """The moment, in UTC, at which the clocks of these zones show that (naive) time.

    Where a clock shows it twice, it is the first.

    Raises:
        InvalidFields: the clock never shows it, or the recipient's zones differ.
    """
    try:
        moments = {there.replace(tzinfo=zone_named(zone)).astimezone(UTC) for zone in zones}
        shown = {
            moment.astimezone(zone_named(zone)).replace(tzinfo=None) for moment in moments for zone in zones
        }
    except OverflowError:  # beyond the years that datetime knows
        raise InvalidFields({"not_before_time": _TOO_FAR}) from None
    if not moments:
        raise InvalidFields({"zone": "Choose the recipient's time zone: the number does not tell it."})
    if len(moments) > 1:
        raise InvalidFields({"zone": "The number may be in several time zones: choose the recipient's."})
    if shown != {there}:
        skipped = "The clocks go forward then, and there is no such time on that day. Choose another."
        raise InvalidFields({"not_before_time": skipped})
    return moments.pop()


def check_ahead(moment: datetime, now: datetime) -> None:
    """Whether a call may be requested for that moment, as far as the calendar goes.

    Raises:
        InvalidFields: it is past, or too far ahead.
    """
    if moment <= now:
        past = "That time is past where the recipient is. Choose a later one, or leave both fields empty."
        raise InvalidFields({"not_before_time": past})
    if moment > now + MAX_AHEAD:
        raise InvalidFields({"not_before_time": _TOO_FAR})


_TOO_FAR = f"That is more than {MAX_AHEAD.days} days ahead. Ask for the call nearer to the time."
