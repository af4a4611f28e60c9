"""Whose rules a call comes under."""

import tomllib
from importlib import resources

import phonenumbers
import pytest
from phonenumbers import geocoder

from bot.domain.policy.jurisdictions import (
    applies,
    can_occur,
    country_of,
    jurisdictions_of,
    part_of,
    ruled_by,
)
from tests.domain.policy import by_hand

PROVINCES = {
    "Alberta": "AB",
    "British Columbia": "BC",
    "British Colombia": "BC",
    "Manitoba": "MB",
    "New Brunswick": "NB",
    "Newfoundland and Labrador": "NL",
    "Nova Scotia/Prince Edward Island": "NS PE",
    "Northwest Territories/Nunavut/Yukon": "NT NU YT",
    "Ontario": "ON",
    "Quebec": "QC",
    "Saskatchewan": "SK",
}


@pytest.mark.parametrize(
    ("number", "region", "stated", "expected"),
    [
        ("+18502345678", "US", None, {"US", "US-FL"}),
        ("+12022345678", "US", None, {"US", "US-DC"}),
        ("+18005551234", "US", None, {"US", "US-?"}),
        ("+16214567890", "US", None, {"US", "US-?"}),  # an area code that the data does not know
        ("+16214567890", "US", "America/Chicago", {"US", "US-?"}),
        ("+17872345678", "PR", None, {"US", "US-PR"}),
        ("+16712345678", "GU", None, {"US", "US-GU"}),
        ("+14162345678", "CA", None, {"CA", "CA-ON"}),
        ("+19022345678", "CA", None, {"CA", "CA-NS", "CA-PE"}),
        ("+16005551234", "CA", None, {"CA", "CA-?"}),
        ("+18762345678", "JM", None, {"JM"}),
        ("+442079460958", "GB", None, {"GB"}),
        ("+262262123456", "RE", None, {"FR", "FR-RE"}),
        # The zone that is stated is one of the number's.
        ("+18502345678", "US", "America/Chicago", {"US", "US-FL"}),
        ("+13132345678", "US", "America/Detroit", {"US", "US-MI"}),
        ("+17872345678", "PR", "America/Puerto_Rico", {"US", "US-PR"}),
        ("+442079460958", "GB", "Europe/London", {"GB"}),
        ("+912212345678", "IN", "Asia/Kolkata", {"IN"}),
        # The person moved, or nobody knew where the number was.
        ("+18502345678", "US", "America/Denver", {"US", "US-?"}),
        ("+16022345678", "US", "America/Denver", {"US", "US-?"}),
        ("+18005551234", "US", "America/Chicago", {"US", "US-?"}),
        ("+14162345678", "CA", "America/Vancouver", {"CA", "CA-?"}),
        ("+14162345678", "CA", "America/New_York", {"CA", "CA-?", "US", "US-?"}),
        ("+12122345678", "US", "Europe/Paris", {"US", "US-?", "FR"}),
        ("+12122345678", "US", "America/Puerto_Rico", {"US", "US-?", "US-PR"}),
        ("+442079460958", "GB", "America/New_York", {"GB", "US", "US-?"}),
        # An area code whose state nobody has told us.
        ("+16216451984", "US", None, {"US", "US-?"}),
        ("+16216451984", "US", "America/Chicago", {"US", "US-?"}),
        ("+16216451984", "US", "Europe/Paris", {"US", "US-?", "FR"}),
    ],
)
def test_jurisdictions(number: str, region: str, stated: str | None, expected: set[str]) -> None:
    """Country and state of the number; no state for one that moved, and the new country on top."""
    assert jurisdictions_of(number, region, stated) == expected


@pytest.mark.parametrize(
    ("country", "regions"),
    [
        ("US", "AS GU MP PR VI"),
        ("FR", "BL GF GP MF MQ PM RE YT"),
        ("FI", "AX"),
        ("NO", "SJ"),
    ],
)
def test_what_has_a_code_of_its_own_may_be_part_of_a_country(country: str, regions: str) -> None:
    """The country's rules hold there too; a toll-free number tells nothing more."""
    for region in regions.split():
        assert jurisdictions_of("+18005551234", region, None) == {country, f"{country}-{region}"}
        assert can_occur(f"{country}-{region}") and not can_occur(region)


@pytest.mark.parametrize("stated", ["", "EST", "Etc/GMT+5", "Mars/Base"])
def test_a_stated_zone_must_be_one(stated: str) -> None:
    """What is no zone of a place is refused, and not taken for the number's own."""
    with pytest.raises(LookupError):
        jurisdictions_of("+18502345678", "US", stated)


@pytest.mark.parametrize(("code", "state"), [(code, state) for code, state, _ in by_hand.area_codes()])
def test_the_state_of_every_area_code(code: str, state: str) -> None:
    """The table has the state that the list by hand has."""
    region = state if state in ("PR", "VI", "GU", "MP", "AS") else "US"
    assert jurisdictions_of(f"+1{code}2345678", region, None) == {"US", f"US-{state}"}


def test_the_geocoder_agrees_about_every_province() -> None:
    """Where phonenumbers' own geocoder names a province, the table has it; a city's is named at its end."""
    table = tomllib.loads(resources.files("bot.domain.policy").joinpath("area_codes.toml").read_text())
    for code in sorted({code for codes in table["CA"].values() for code in codes}):
        number = phonenumbers.parse(f"+1{code}2345678")
        told = geocoder.description_for_number(number, "en")
        parts = PROVINCES.get(told, told[-2:]).split()
        expected = {"CA", *(f"CA-{part}" for part in parts)}
        assert jurisdictions_of(f"+1{code}2345678", "CA", None) == expected, code


def test_the_geocoder_agrees_about_every_state() -> None:
    """Where phonenumbers' own geocoder names a city with its state, the table has that state."""
    cities = 0
    for code, state, _ in by_hand.area_codes():
        told = geocoder.description_for_number(phonenumbers.parse(f"+1{code}2345678"), "en")
        if ", " in told:
            cities += 1
            assert told.endswith(f", {state}"), code
    assert cities > 50


def test_only_what_can_be_told_apart_is_a_jurisdiction() -> None:
    """A table that names anything else would hold a row in vain."""
    assert all(map(can_occur, ["*", "US", "US-FL", "US-?", "US-PR", "CA-?", "CA-YT", "FR-RE", "GB", "XK"]))
    assert not any(map(can_occur, ["", "UK", "us", "US-", "US-ZZ", "PR", "GB-SCT", "GB-?", "**", "EU", "?"]))


def test_country_and_part() -> None:
    """A jurisdiction is a country, or a country and a part of it."""
    assert (country_of("US-FL"), part_of("US-FL")) == ("US", "FL")
    assert (country_of("US"), part_of("US")) == ("US", "")


def test_the_rules_of_a_place_hold_where_it_may_be() -> None:
    """Of a country everywhere in it, of a state in it, and of every state where the state is not known."""
    florida, unknown = frozenset({"US", "US-FL"}), frozenset({"US", "US-?"})
    assert applies("US", florida) and applies("US-FL", florida)
    assert not applies("US-ME", florida) and not applies("US-?", florida) and not applies("CA", florida)
    assert all(applies(place, unknown) for place in ("US", "US-FL", "US-ME", "US-?"))
    assert not applies("CA", unknown) and not applies("CA-ON", unknown)
    assert not applies("CA", frozenset({"CA-?"}))


def test_a_territory_is_ruled_by_its_country() -> None:
    """Every other region by itself."""
    assert [ruled_by(region) for region in ("PR", "RE", "US", "GB")] == ["US", "FR", "US", "GB"]
