"""The countries a number can belong to, and the type-ahead that finds them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
import pycountry

# What people type that ISO 3166-1 does not say. One name may be a code of another list ("UK").
_ALIASES: dict[str, tuple[str, ...]] = {
    "AE": ("UAE", "Emirates"),
    "BO": ("Plurinational State of Bolivia",),
    "CD": ("Democratic Republic of the Congo", "DR Congo", "DRC", "Congo-Kinshasa"),
    "CG": ("Republic of the Congo", "Congo-Brazzaville"),
    "CI": ("Ivory Coast",),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic",),
    "FM": ("Federated States of Micronesia",),
    "GB": ("UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland"),
    "KP": ("DPRK",),
    "KR": ("Republic of Korea",),
    "MK": ("Macedonia",),
    "MM": ("Burma",),
    "MO": ("Macau",),
    "NL": ("Holland",),
    "RU": ("Russia",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "US": ("USA", "United States of America", "America"),
    "VA": ("Vatican City",),
    "VG": ("British Virgin Islands",),
    "VI": ("US Virgin Islands",),
}

# Regions with telephone numbers of their own but no ISO 3166-1 entry (their codes are user-assigned
# or exceptionally reserved). Without these, the region of a number might have no name.
_NOT_IN_ISO = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}


@dataclass(frozen=True)
class Country:
    """A country as `phonenumbers` knows it: an upper-case two-letter code and its everyday English name."""

    code: str
    name: str

    @property
    def label(self) -> str:
        """Name and calling code, `Bolivia (+591)`: within 75 characters, Slack's limit for an option."""
        return f"{self.name[:65]} (+{phonenumbers.country_code_for_region(self.code)})"


def country(code: str) -> Country | None:
    """The country with this upper-case two-letter code; None if it has no telephone numbers."""
    return _by_code().get(code)


def find_countries(query: str, limit: int = 100) -> list[Country]:
    """Countries for what was typed so far, best first, at most `limit` (Slack shows 100 options).

    Case and accents do not matter. First comes the country with exactly that code or name. Then come names
    that start with the query, names with a word that does, and names that contain it. An empty query finds
    every country, by name. Never raises.
    """
    wanted = _plain(query)
    ranked = ((_rank(wanted, c), _plain(c.name), c) for c in _by_code().values())
    found = sorted((rank, name, c.code) for rank, name, c in ranked if rank is not None)
    return [_by_code()[code] for _, _, code in found[:limit]]


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Country]:
    names = {c.alpha_2: getattr(c, "common_name", c.name) for c in pycountry.countries} | _NOT_IN_ISO
    callable_codes = names.keys() & phonenumbers.SUPPORTED_REGIONS
    return {code: Country(code, names[code]) for code in callable_codes}


@lru_cache(maxsize=512)
def _search_names(code: str) -> tuple[str, ...]:
    entry = pycountry.countries.get(alpha_2=code)
    formal = (entry.name,) if entry else ()
    return tuple(_plain(name) for name in (_by_code()[code].name, *formal, *_ALIASES.get(code, ())))


def _rank(wanted: str, candidate: Country) -> int | None:
    """How well a country matches the query: 0 is best, None is not at all."""
    names = _search_names(candidate.code)
    tests = (
        wanted == candidate.code.lower(),
        wanted in names,
        any(name.startswith(wanted) for name in names),
        any(f" {wanted}" in name.replace("(", " ").replace("-", " ") for name in names),
        any(wanted in name for name in names),
    )
    return next((rank for rank, passed in enumerate(tests) if passed), None)


def _plain(text: str) -> str:
    """Text without case, accents, full stops, curly apostrophes and outer spaces, for comparing."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "'").replace(".", ""))
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold().strip()
