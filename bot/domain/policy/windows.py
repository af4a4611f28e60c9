"""The table of calling windows: which hours are allowed, where, for what and since when.

The shipped table is `windows.toml`; a user's own file has the same form.
"""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date
from functools import lru_cache
from importlib import resources
from itertools import combinations
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from bot.domain.ask import Purpose
from bot.domain.policy.intervals import Interval, check_apart, intersect, parse_interval
from bot.domain.policy.jurisdictions import can_occur
from bot.domain.policy.toml_lines import TomlMistake, line_of_error, line_of_path

_SATURDAY = 5


def _date(value: object) -> object:
    if not isinstance(value, (str, date)):
        raise ValueError("is not a date: write it like 2026-10-18")
    return value


def _jurisdiction(value: str) -> str:
    if not can_occur(value):
        raise ValueError(
            f"there cannot be rules of its own for {value!r}: write a country like GB, a state or "
            "province of the US or Canada like US-FL, US-? or CA-? where it is not known, or *"
        )
    return value


Day = Annotated[date, BeforeValidator(_date)]
Jurisdiction = Annotated[str, AfterValidator(_jurisdiction)]
Verified = Literal["primary", "secondary", "own"]
"""How a source was read: the law itself, a secondary source, or it is our own choice."""
Intervals = Annotated[
    tuple[Annotated[Interval, BeforeValidator(parse_interval)], ...], AfterValidator(check_apart)
]
Text = Annotated[str, Field(min_length=1)]


class Window(BaseModel):
    """One row: the hours of the recipient's day in which calls for these purposes are allowed.

    Without an interval no call is allowed on such a day. Both dates are included. `verified` and
    `checked_on` say how the source was read, and when. With `only_national_holidays` the holidays of a
    country's parts do not count.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    jurisdiction: Jurisdiction
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    mon_fri: Intervals
    sat: Intervals
    sun: Intervals
    holidays: Intervals
    effective_from: Day
    effective_until: Day | None = None
    source: Text
    verified: Verified | None = None
    checked_on: Day | None = None
    note: str = ""
    only_national_holidays: bool = False

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.effective_until and self.effective_until < self.effective_from:
            raise ValueError("effective_until is before effective_from")
        return self

    def allowed(self, day: date, holiday: bool) -> tuple[Interval, ...]:
        """The hours of this day. On a holiday, only those that both the weekday and holidays allow."""
        week = self.mon_fri, self.sat, self.sun
        weekday = week[max(0, day.weekday() - _SATURDAY + 1)]
        return intersect(weekday, self.holidays) if holiday else weekday

    @property
    def is_ban(self) -> bool:
        """Whether no hour of any day is allowed."""
        return not (self.mon_fri or self.sat or self.sun or self.holidays)

    @property
    def words(self) -> str:
        """The row in words, with its source: `US-FL: every day 08:00-20:00 (Fla. Stat. ...)`."""
        named = {"Mon-Fri": self.mon_fri, "Sat": self.sat, "Sun": self.sun, "holidays": self.holidays}
        if len(set(named.values())) == 1:
            named = {"every day": self.mon_fri}
        hours = ", ".join(
            f"{name} {' and '.join(map(str, intervals)) or 'none'}" for name, intervals in named.items()
        )
        return f"{self.jurisdiction}: {hours} ({self.source})"

    def in_effect(self, day: date) -> bool:
        """Whether the row is in effect on this day."""
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)

    def clashes_with(self, other: Window) -> bool:
        """Whether both say something about one jurisdiction, purpose and day."""
        later = max(self, other, key=lambda window: window.effective_from)
        return (
            self.jurisdiction == other.jurisdiction
            and not set(self.purposes).isdisjoint(other.purposes)
            and self.in_effect(later.effective_from)
            and other.in_effect(later.effective_from)
        )


class WindowTable(BaseModel):
    """Every row, the version that the file gives itself, and the SHA-256 of the file's text in hex."""

    model_config = ConfigDict(frozen=True)

    version: str
    windows: tuple[Window, ...]
    sha256: str

    def __hash__(self) -> int:
        return hash(self.sha256)


class _File(BaseModel):
    """What a file must have."""

    model_config = ConfigDict(extra="forbid")

    version: Day
    window: Annotated[tuple[Window, ...], Field(min_length=1)]


def read_table(text: str) -> WindowTable:
    """Read a table of calling windows.

    Raises:
        TomlMistake: with the line of anything that is wrong. A part of a table is never returned.
    """
    try:
        file = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise TomlMistake(line_of_error(error, text), f"this is not TOML: {error}") from error
    except ValidationError as error:
        raise _mistake(error, text) from error
    for (_, one), (index, other) in combinations(enumerate(file.window), 2):
        if one.clashes_with(other):
            raise TomlMistake(
                line_of_path(text, ("window", index)),
                f"another row for {other.jurisdiction} is about one of these purposes at the same time: "
                "join the two, or let one end with effective_until before the other begins",
            )
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return WindowTable(version=file.version.isoformat(), windows=file.window, sha256=sha256)


@lru_cache(maxsize=1)
def shipped_table() -> WindowTable:
    """The table that comes with Callgate."""
    return read_table(resources.files(__package__).joinpath("windows.toml").read_text(encoding="utf-8"))


def _mistake(error: ValidationError, text: str) -> TomlMistake:
    """The first thing that pydantic found, at its line; an unknown key before one that is missing."""
    found = min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    place = found["loc"]
    key = next((str(part) for part in (place[2:] if len(place) > 1 else place)), None)  # within its row
    said = found["msg"].removeprefix("Value error, ")
    match found["type"], key:
        case "missing", "window":
            reason = "there is no [[window]] in this file"
        case "missing", _:
            reason = f"{key} is missing here"
        case "extra_forbidden", _:
            reason = f"there is no key {key!r}"
        case "too_short", _:
            reason = f"{key} is empty"
        case _:
            reason = f"{key}: {said}" if key else said
    return TomlMistake(line_of_path(text, place), reason)
