"""The rules that an operator can change: the shipped ones, and what a file of their own says otherwise."""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.domain.call_request import Purpose
from bot.domain.countries import country
from bot.domain.duration import Duration, written
from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.number_type import NumberType
from bot.domain.policy.records import LOOK_BACK
from bot.domain.policy.toml_lines import TomlMistake, line_of_error, line_of_path
from bot.domain.policy.windows import WindowTable, shipped_table


class Cap(BaseModel):
    """At most so many attempts within any stretch of time of that length."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    most: Annotated[int, Field(ge=1, strict=True)]
    within: Annotated[Duration, Field(le=LOOK_BACK)]


class _Rules(BaseModel):
    """What a policy file may say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[str, Field(min_length=1, max_length=40)]
    countries: frozenset[str]
    number_types: frozenset[NumberType]
    consent: dict[Purpose, frozenset[ConsentKind]]
    caps: dict[Purpose, tuple[Cap, ...]]
    quiet_after_success: dict[Purpose, Duration]
    keep_records: dict[Purpose, Duration]

    @field_validator("countries")
    @classmethod
    def _known(cls, codes: frozenset[str]) -> frozenset[str]:
        for code in sorted(codes):
            if country(code) is None:
                raise ValueError(f"{code!r} is no country; write codes like US or GB")
        return codes


class DialingPolicy(_Rules):
    """The rules, whole. `windows` is the table of calling windows; `sha256` names exactly these rules."""

    windows: WindowTable
    sha256: str

    @property
    def name(self) -> str:
        """For the record: the versions, and the fingerprint of the whole."""
        return f"rules {self.version}, windows {self.windows.version}, {self.sha256[:12]}"


def read_policy(text: str, windows: WindowTable | None = None) -> DialingPolicy:
    """The shipped rules with what `text` (TOML) changes in them; `windows` in place of the shipped table.

    Raises:
        TomlMistake: anything in the text is not understood. Nothing is ever left out silently.
    """
    table = windows or shipped_table()
    try:
        own = tomllib.loads(text)
        default = tomllib.loads(_shipped())
        merged = {**default, **{name: _over(default.get(name), value) for name, value in own.items()}}
        rules = _Rules.model_validate(merged)
    except tomllib.TOMLDecodeError as error:
        raise TomlMistake(line_of_error(error, text), f"this is not TOML: {error}") from None
    except ValidationError as error:
        raise _mistake(error, text) from None
    return DialingPolicy(**dict(rules), windows=table, sha256=_fingerprint(merged, table))


@cache
def shipped_policy() -> DialingPolicy:
    """The rules where no file says otherwise."""
    return read_policy("")


def _shipped() -> str:
    return resources.files("bot.domain.policy").joinpath("default.toml").read_text("utf-8")


def _over(default: Any, value: Any) -> Any:
    """A table changes only the purposes that it names; a list is as it is written."""
    return {**default, **value} if isinstance(default, dict) and isinstance(value, dict) else value


def _fingerprint(merged: dict[str, Any], table: WindowTable) -> str:
    text = json.dumps(merged, sort_keys=True, default=str) + table.sha256
    return hashlib.sha256(text.encode()).hexdigest()


_SENTENCES = {
    "extra_forbidden": "there is no such setting",
    "missing": "this is missing",
    "dict_type": "this is a table: write [consent], for example, and below it a line for each purpose",
    "frozen_set_type": "this is a list: write it in square brackets",
    "tuple_type": "this is a list: write it in square brackets",
    "less_than_equal": f"at most {written(LOOK_BACK)}, for that is how far the records go back",
}


def _mistake(error: ValidationError, text: str) -> TomlMistake:
    """The first thing that pydantic found, at its line."""
    found = error.errors(include_url=False)[0]
    place = tuple(part for part in found["loc"] if part != "[key]")
    name = ".".join(part for part in place if isinstance(part, str))
    said = _SENTENCES.get(found["type"], found["msg"]).removeprefix("Value error, ")
    return TomlMistake(line_of_path(text, place), f"{name}: {said}")
