"""A date and a time on the recipient's clock, and the moment that it is."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.errors import InvalidFields
from bot.domain.policy.tzdb import zone as zone_named

MAX_AHEAD = timedelta(days=60)
"""How far ahead a call may be asked for: an approval is for something people still remember."""

_SENSIBLE = timedelta(days=3660)  # what is further away may be in no year that UTC can be told in


@dataclass(frozen=True)
class WantedTime:
    """Not before this, where the recipient is."""

    on: date
    at: time


def moment_of(wanted: WantedTime, zones: Set[str], now: datetime) -> datetime:
    """The moment, in UTC. Where the clock shows that time twice, it is the first.

    Raises:
        InvalidFields: the clock never shows it, it is past or too far ahead, or the recipient's zones differ.
    """
    there = datetime.combine(wanted.on, wanted.at)
    if abs(there.date() - now.date()) > _SENSIBLE:
        _refuse("That date is years away. Choose one within the next weeks.")
    moments = {there.replace(tzinfo=zone_named(zone)).astimezone(UTC) for zone in zones}
    if not moments:
        raise InvalidFields({"zone": "Choose the recipient's time zone: the number does not tell it."})
    if len(moments) > 1:
        raise InvalidFields({"zone": "The number may be in several time zones: choose the recipient's."})
    (moment,) = moments
    _check(moment, there, zones, now)
    return moment


def _check(moment: datetime, there: datetime, zones: Set[str], now: datetime) -> None:
    if any(moment.astimezone(zone_named(zone)).replace(tzinfo=None) != there for zone in zones):
        _refuse("The clocks go forward then, and there is no such time on that day. Choose another.")
    if moment <= now:
        _refuse("That time is past where the recipient is. Choose a later one, or leave both fields empty.")
    if moment > now + MAX_AHEAD:
        _refuse(f"That is more than {MAX_AHEAD.days} days ahead. Ask for the call nearer to the time.")


def _refuse(sentence: str) -> None:
    raise InvalidFields({"not_before_time": sentence})
