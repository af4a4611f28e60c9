"""Whose rules apply to a call: those of the number's country, and of its state or province."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

from bot.domain import countries
from bot.domain.policy.tzdb import country_of_zone, keep_the_same_time
from bot.domain.policy.zones import zones_of

ANYWHERE = "*"
"""The jurisdiction of rows for countries that have none of their own."""

UNKNOWN_PART = "?"
"""In place of the state or province, where it is not known."""

# Regions with a code of their own in ISO 3166-1 that come under another country's rules.
_PART_OF = (
    dict.fromkeys(("AS", "GU", "MP", "PR", "VI"), "US")
    | dict.fromkeys(("BL", "GF", "GP", "MF", "MQ", "PM", "RE", "YT"), "FR")
    | {"AX": "FI", "SJ": "NO"}
)


def jurisdictions_of(e164: str, region: str, stated_zone: str | None) -> frozenset[str]:
    """`{"US", "US-FL"}`, `{"GB"}`; `{"US", "US-?"}` where the state is not known.

    `region` is the number's own, as in `PhoneNumber.region`. If the stated zone is none of the number's
    (the same time in the same country), the person has moved. Then no state is known, and the rules of the
    zone's country apply as well.

    Raises:
        LookupError: the stated zone is no zone of a place (see `is_zone`).
    """
    if stated_zone is None:
        return _of_number(e164, region)
    country = country_of_zone(stated_zone)
    if country is None:
        raise LookupError(f"{stated_zone!r} is no time zone of a place.")
    at_home = country == region and any(keep_the_same_time(stated_zone, own) for own in zones_of(e164))
    return _of_number(e164, region) if at_home else _whole(region) | _whole(country)


def ruled_by(region: str) -> str:
    """The country whose rules hold in a region with a code of its own: `US` for `PR`, `GB` for `GB`."""
    return _PART_OF.get(region, region)


def applies(place: str, jurisdictions: frozenset[str]) -> bool:
    """Whether a place's rules apply to a call under these; where the part is not known, every part's do."""
    unknown = f"{country_of(place)}-{UNKNOWN_PART}"
    return place in jurisdictions or bool(part_of(place) and unknown in jurisdictions)


def country_of(jurisdiction: str) -> str:
    """The country of a jurisdiction: `US` of `US-FL`."""
    return jurisdiction.partition("-")[0]


def part_of(jurisdiction: str) -> str:
    """The state or province of a jurisdiction: `FL` of `US-FL`, empty for `US`."""
    return jurisdiction.partition("-")[2]


def can_occur(jurisdiction: str) -> bool:
    """Whether `jurisdictions_of` can ever return it; a row for anything else would never apply."""
    if jurisdiction == ANYWHERE or jurisdiction in _parts():
        return True
    return jurisdiction not in _PART_OF and bool(countries.country(jurisdiction))


def _of_number(e164: str, region: str) -> frozenset[str]:
    states = _states().get(e164[2:5]) if region in _divided() else None
    return frozenset({region, *(f"{region}-{state}" for state in states)}) if states else _whole(region)


def _whole(region: str) -> frozenset[str]:
    """The jurisdictions where only the country is certain."""
    country = ruled_by(region)
    if country != region:
        return frozenset({country, f"{country}-{region}"})
    return frozenset({country, f"{country}-{UNKNOWN_PART}"} if country in _divided() else {country})


@lru_cache(maxsize=1)
def _divided() -> dict[str, dict[str, list[str]]]:
    """The countries whose parts can be told from the number, with their area codes."""
    table = tomllib.loads(resources.files(__package__).joinpath("area_codes.toml").read_text())
    return {country: parts for country, parts in table.items() if isinstance(parts, dict)}


@lru_cache(maxsize=1)
def _states() -> dict[str, list[str]]:
    """Area codes, and the parts that each serves: nearly always one."""
    states: dict[str, list[str]] = {}
    for parts in _divided().values():
        for part, codes in parts.items():
            for code in codes:
                states.setdefault(code, []).append(part)
    return states


@lru_cache(maxsize=1)
def _parts() -> frozenset[str]:
    told = {f"{country}-{part}" for country, parts in _divided().items() for part in (*parts, UNKNOWN_PART)}
    return frozenset(told | {f"{country}-{region}" for region, country in _PART_OF.items()})
