"""Which consents and caps of the policy apply to a call, by its places and its type of number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

import pycountry

from bot.domain.ask import Purpose
from bot.domain.call_request import CallRequest
from bot.domain.countries import country
from bot.domain.policy.dialing_policy import Cap, Consent, DialingPolicy, PlaceRules, Sourced
from bot.domain.policy.jurisdictions import (
    UNKNOWN_PART,
    applies,
    country_of,
    jurisdictions_of,
    part_of,
)
from bot.domain.policy.number_type import NumberType

R = TypeVar("R", bound=Sourced)


@dataclass(frozen=True)
class Applying(Generic[R]):
    """What is required, without its source; where, in words (empty: everywhere); and the sources."""

    rule: R
    where: str
    source: str


def places_for(request: CallRequest) -> frozenset[str]:
    """The jurisdictions that the call comes under."""
    return jurisdictions_of(request.to_number, request.region, request.zone)


@lru_cache(maxsize=1024)
def consents_for(
    policy: DialingPolicy, places: frozenset[str], purpose: Purpose, kind: NumberType
) -> tuple[Applying[Consent], ...]:
    """The consents that such a call needs, every one of them."""
    rules = [(where, place.consent.get(purpose)) for where, place in _applying(policy, places)]
    rules.append((f"{kind.label} numbers", policy.consent_by_number_type.get(kind)))
    return _together((where, rule) for where, rule in rules if rule)


@lru_cache(maxsize=1024)
def caps_for(policy: DialingPolicy, places: frozenset[str], purpose: Purpose) -> tuple[Applying[Cap], ...]:
    """The caps that such a call has to stay under, every one of them."""
    rules = ((where, place.caps.get(purpose, ())) for where, place in _applying(policy, places))
    return _together((where, cap) for where, caps in rules for cap in caps)


def name_of(jurisdiction: str) -> str:
    """A country by its name, a state or province by its code."""
    if part_of(jurisdiction) == UNKNOWN_PART:
        return f"{name_of(country_of(jurisdiction))} where the state or province is not known"
    known = country(jurisdiction)
    return known.name if known else jurisdiction


def full_name_of(jurisdiction: str) -> str:
    """The same with a state or province by its name, where there is room for it."""
    part = pycountry.subdivisions.get(code=jurisdiction)  # type: ignore[no-untyped-call]
    return str(part.name) if part else name_of(jurisdiction)


def _applying(policy: DialingPolicy, places: frozenset[str]) -> Iterator[tuple[str, PlaceRules]]:
    yield "", policy
    for name, place in sorted(policy.places.items()):
        if applies(name, places):
            yield name_of(name), place


def _together(found: Iterable[tuple[str, R]]) -> tuple[Applying[R], ...]:
    """The same rule of several places is one, with all its places and sources."""
    same: dict[R, tuple[dict[str, None], dict[str, None]]] = {}
    for where, rule in found:
        bare = rule.model_copy(update={"source": "", "verified": None, "checked_on": None})
        places, sources = same.setdefault(bare, ({}, {}))  # dictionaries, as sets that keep their order
        places[where] = sources[rule.source] = None
    return tuple(
        Applying(rule, ", ".join(places if all(places) else ()), "; ".join(filter(None, sources)))
        for rule, (places, sources) in same.items()
    )
