"""The time zone database, as the tzdata package has it: the same on every machine.

`zoneinfo.ZoneInfo(name)` would prefer the machine's own files, which may be older, newer or missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

_FILES = resources.files("tzdata") / "zoneinfo"

_COMPARED = tuple(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=5 * n) for n in range(12 * 73))


@dataclass(frozen=True)
class ListedZone:
    """A zone of the database's table: the country that it lies in (ISO 3166-1) and what part of it."""

    name: str
    country: str
    part: str


@cache
def zone(name: str) -> ZoneInfo:
    """The zone with this IANA name, or with one of its older names.

    Raises:
        LookupError: there is none.
    """
    if name not in _names():
        raise LookupError(f"There is no time zone {name!r}.")
    with _FILES.joinpath(*name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def country_of_zone(name: str) -> str | None:
    """The country (ISO 3166-1) of a zone that is a place, `America/Chicago` or the older `Asia/Calcutta`.

    None for what is no zone or no place: `Etc/GMT+5`, `EST`, `UTC`.
    """
    if "/" not in name or name not in _names():
        return None
    listed = _by_name().get(name)
    return listed.country if listed else None


@cache
def listed_zones() -> tuple[ListedZone, ...]:
    """Every zone of every country; within a country the most populous first, as the database has them."""
    rows = (line.split("\t") for line in _lines("zone.tab") if not line.startswith("#"))
    return tuple(ListedZone(name, country, "".join(part)) for country, _, name, *part in rows)


@lru_cache(maxsize=4096)
def keep_the_same_time(one: str, other: str) -> bool:
    """Whether two zones agree from 2026 to 2037, as far as rules are known now."""
    return one == other or _offsets(one) == _offsets(other)


@cache
def _offsets(name: str) -> tuple[timedelta | None, ...]:
    return tuple(instant.astimezone(zone(name)).utcoffset() for instant in _COMPARED)


@cache
def _names() -> frozenset[str]:
    return frozenset((resources.files("tzdata") / "zones").read_text().split())


@cache
def _by_name() -> dict[str, ListedZone]:
    """The listed zones by their names, older names included."""
    listed = {zone.name: zone for zone in listed_zones()}
    links = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    return {name: listed[target] for _, target, name in links if target in listed} | listed


def _lines(file: str) -> list[str]:
    return (_FILES / file).read_text(encoding="utf-8").splitlines()
