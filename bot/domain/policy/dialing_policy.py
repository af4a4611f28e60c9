"""The rules that an operator can change: the shipped ones, with what the operator's own file changes.

Consent and caps are set for everywhere, and on top of that by place (`in`); consent by number type too.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from bot.domain.ask import Purpose
from bot.domain.countries import country
from bot.domain.duration import Duration, read_duration, written
from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.jurisdictions import ANYWHERE, country_of, ruled_by
from bot.domain.policy.number_type import NumberType
from bot.domain.policy.records import LOOK_BACK
from bot.domain.policy.toml_lines import TomlMistake, line_of_error, line_of_path
from bot.domain.policy.windows import Day, Jurisdiction, Verified, WindowTable, shipped_table

NO_PAUSE = "none"
"""The value of `between_calls` where one call may follow another at once."""


class Sourced(BaseModel):
    """A rule with its source, how that was read, and when; all three may be left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = ""
    verified: Verified | None = None
    checked_on: Day | None = None


class Cap(Sourced):
    """A rolling window: `most` is the maximum of attempts in any stretch of time as long as `within`."""

    most: Annotated[int, Field(ge=1, strict=True)]
    within: Annotated[Duration, Field(le=LOOK_BACK)]


class Consent(Sourced):
    """The kinds of consent, one of which is needed."""

    any_of: frozenset[ConsentKind]


def _place(jurisdiction: str) -> str:
    if jurisdiction == ANYWHERE:
        raise ValueError("what applies everywhere belongs under [consent] and [caps]")
    return jurisdiction


# In a file, a list is short for `any_of`.
ConsentRule = Annotated[
    Consent,
    BeforeValidator(lambda value: value if isinstance(value, (dict, Consent)) else {"any_of": value}),
]
Caps = tuple[Cap, ...]


class PlaceRules(BaseModel):
    """What a country, a state or a province requires on top of what is required everywhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    consent: dict[Purpose, ConsentRule] = {}
    caps: dict[Purpose, Caps] = {}


class _Rules(PlaceRules):
    """What a policy file may say."""

    model_config = ConfigDict(validate_by_name=True)

    version: Annotated[str, Field(min_length=1, max_length=40)]
    countries: frozenset[str]
    number_types: frozenset[NumberType]
    consent_by_number_type: dict[NumberType, ConsentRule]
    places: Annotated[
        dict[Annotated[Jurisdiction, AfterValidator(_place)], PlaceRules], Field(validation_alias="in")
    ]
    between_calls: Annotated[
        timedelta,
        BeforeValidator(lambda value: timedelta() if value == NO_PAUSE else read_duration(value)),
        Field(le=LOOK_BACK),
    ]
    quiet_after_success: dict[Purpose, Duration]
    keep_records: dict[Purpose, Duration]

    @field_validator("countries")
    @classmethod
    def _known(cls, codes: frozenset[str]) -> frozenset[str]:
        for code in sorted(codes):
            if country(code) is None:
                raise ValueError(f"{code!r} is not a country; write codes like US or GB")
        return codes


class DialingPolicy(_Rules):
    """The rules, whole. `windows` is the table of calling windows; `sha256` names exactly these rules."""

    windows: WindowTable
    sha256: str

    def __hash__(self) -> int:
        return hash(self.sha256)

    @property
    def name(self) -> str:
        """For the record: both versions, and the beginning of the hash of all rules."""
        return f"rules {self.version}, windows {self.windows.version}, {self.sha256[:12]}"

    def needs_consent(self, purpose: Purpose) -> list[str] | None:
        """The allowed countries in which this purpose needs consent: empty for all of them, None for none."""
        if purpose in self.consent:
            return []
        called = {ruled_by(region) for region in self.countries}
        asking = {country_of(name) for name, place in self.places.items() if purpose in place.consent}
        return sorted(called & asking) or None


def read_policy(text: str, windows: WindowTable | None = None) -> DialingPolicy:
    """The shipped rules with what `text` (TOML) changes in them; `windows` replaces the shipped table.

    Raises:
        TomlMistake: anything in the text is not understood. Nothing is ever ignored silently.
    """
    table = windows or shipped_table()
    try:
        own = tomllib.loads(text)
        shipped = resources.files("bot.domain.policy").joinpath("default.toml").read_text("utf-8")
        merged = _over(tomllib.loads(shipped), own)
        rules = _Rules.model_validate(merged)
    except tomllib.TOMLDecodeError as error:
        raise TomlMistake(line_of_error(error, text), f"this is not TOML: {error}") from None
    except ValidationError as error:
        raise _mistake(error, text) from None
    everything = json.dumps(merged, sort_keys=True, default=str) + table.sha256
    sha256 = hashlib.sha256(everything.encode()).hexdigest()
    return DialingPolicy(**dict(rules), windows=table, sha256=sha256)


@cache
def shipped_policy() -> DialingPolicy:
    """The rules without any file of an operator's."""
    return read_policy("")


def _over(default: Any, value: Any) -> Any:
    """A table changes only what it names; a rule (a list, or a table with `any_of`) is replaced whole."""
    if not isinstance(default, dict) or not isinstance(value, dict) or "any_of" in default:
        return value
    return {**default, **{name: _over(default.get(name), own) for name, own in value.items()}}


_SENTENCES = {
    "extra_forbidden": "there is no such setting",
    "missing": "this is missing",
    "dict_type": "this is a table: write [consent], for example, and below it a line for each purpose",
    "model_type": "this is a table: it has a consent or caps, and below that a line for each purpose",
    "frozen_set_type": "this is a list: write it in square brackets",
    "tuple_type": "this is a list: write it in square brackets",
    "less_than_equal": f"at most {written(LOOK_BACK)}, because the records go back no further",
}


def _mistake(error: ValidationError, text: str) -> TomlMistake:
    """The first mistake that pydantic found, at its line."""
    found = error.errors(include_url=False)[0]
    place = tuple(part for part in found["loc"] if part not in ("[key]", "any_of"))
    name = ".".join(part for part in place if isinstance(part, str))
    said = _SENTENCES.get(found["type"], found["msg"]).removeprefix("Value error, ")
    return TomlMistake(line_of_path(text, place), f"{name}: {said}")
