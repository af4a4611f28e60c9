"""The time zones that a number may ring in, and the type-ahead for stating one."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources

import phonenumbers
from phonenumbers import PhoneNumberType
from phonenumbers.tzdata import TIMEZONE_DATA

from bot.domain import countries
from bot.domain.policy.number_type import NumberType
from bot.domain.policy.tzdb import ListedZone, country_of_zone, listed_zones

_NANP = 1
_TELL_BY_AREA = frozenset({NumberType.FIXED_LINE, NumberType.MOBILE, NumberType.FIXED_LINE_OR_MOBILE})

# Numbers that tell nothing about where they ring, and what is no number.
_PLACELESS = frozenset(
    {PhoneNumberType.TOLL_FREE, PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.UNKNOWN}
    | {PhoneNumberType.PREMIUM_RATE}
)


def zones_of(e164: str, kind: NumberType | None = None) -> frozenset[str]:
    """IANA names of every zone in which the number's whole area code can lie; for a mobile, the country.

    Empty for numbers without a place of their own (toll-free, personal, satellite), and for area codes of +1
    that the data does not know: there somebody has to state the zone. `kind` is the number's type, where it
    is known already.

    Exchanges are not looked at: numbers are ported, and the data knows few of them. What the data is known
    to get wrong, `zone_corrections.toml` corrects.
    """
    if kind in _TELL_BY_AREA and e164.startswith(f"+{_NANP}"):
        return _zones_under(e164[1:5])  # an area code of +1 has three digits: no need to parse the number
    number = phonenumbers.parse(e164)
    if phonenumbers.number_type(number) in _PLACELESS:
        return frozenset()
    return _zones_under(_area(number))


def is_zone(name: str) -> bool:
    """Whether this is the IANA name of a place's zone, as in `America/Chicago`: not `EST` or `Etc/GMT+5`."""
    return country_of_zone(name) is not None


def find_zones(typed: str, limit: int = 100) -> list[str]:
    """Zones for what was typed so far, best first, at most `limit` (Slack shows 100 options).

    Case and accents do not matter. First come zones with that name, city or country code. Then come names
    with a word that starts with what was typed, then zones whose country or part of it does ("Eastern").
    Within a country the most populous comes first. An empty text finds every zone. Never raises.
    """
    wanted = _plain(typed)
    ranked = ((_rank(wanted, listed), at, listed.name) for at, listed in enumerate(listed_zones()))
    found = sorted((rank, at, name) for rank, at, name in ranked if rank is not None)
    return [name for _, _, name in found[:limit]]


def _area(number: phonenumbers.PhoneNumber) -> str:
    """The digits of country code and area code; the country code alone where a number has no area."""
    national = phonenumbers.national_significant_number(number)
    if number.country_code == _NANP:
        return f"{_NANP}{national[:3]}"
    if not phonenumbers.is_number_geographical(number):
        return f"{number.country_code}"
    return f"{number.country_code}{national[: phonenumbers.length_of_geographical_area_code(number)]}"


@lru_cache(maxsize=1024)
def _zones_under(area: str) -> frozenset[str]:
    """The zones of every prefix within the area, and of the longest prefix that the area is in."""
    entries = _entries()
    inside = [names for prefix, names in entries.items() if prefix.startswith(area)]
    # +1 itself does not count: it is two dozen countries.
    around = (area[:length] for length in range(len(area), 0, -1) if area[:length] != str(_NANP))
    longest = next((entries[prefix] for prefix in around if prefix in entries), ())
    return frozenset(name for names in (*inside, longest) for name in names)


@lru_cache(maxsize=1)
def _entries() -> dict[str, tuple[str, ...]]:
    """The data by prefix, with our corrections."""
    corrections = tomllib.loads(resources.files(__package__).joinpath("zone_corrections.toml").read_text())
    entries = dict(TIMEZONE_DATA)
    for code, instead in corrections["instead"].items():
        for prefix in [prefix for prefix in entries if prefix.startswith(code)]:
            entries[prefix] = tuple(instead.get(name, name) for name in entries[prefix])
    for code, wrong in corrections["not"].items():
        for prefix in [prefix for prefix in entries if prefix.startswith(code)]:
            entries[prefix] = tuple(name for name in entries[prefix] if name not in wrong)
    for prefix, names in corrections["also"].items():
        entries[prefix] = (*entries.get(prefix, ()), *names)
    return entries


def _rank(wanted: str, candidate: ListedZone) -> int | None:
    """How well a zone matches what was typed: 0 is best, None is not at all."""
    name, country = _plain(candidate.name), countries.country(candidate.country)
    around = _plain(f"{country.name if country else ''} {candidate.country} {candidate.part}")
    tests = (
        wanted in (name, _plain(candidate.name.rpartition("/")[2]), candidate.country.casefold()),
        f" {wanted}" in f" {name}",
        f" {wanted}" in f" {around}",
    )
    return next((rank for rank, passed in enumerate(tests) if passed), None)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """Words without case, accents and punctuation, one space between them."""
    letters = unicodedata.normalize("NFKD", text)
    kept = (c for c in letters if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in kept).casefold().split())
