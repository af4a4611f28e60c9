"""The type-ahead finds the country people mean, and every region of a number has a name."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.countries import Country, country, find_countries

unhurried = settings(deadline=None)  # the first look at a country loads its data


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("US", "US"),
        ("us", "US"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("united states of america", "US"),
        ("UK", "GB"),
        ("GB", "GB"),
        ("England", "GB"),
        ("IN", "IN"),
        ("South Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Bolivia", "BO"),
        ("Russia", "RU"),
        ("Vietnam", "VN"),
        ("Viet Nam", "VN"),
        ("Ivory Coast", "CI"),
        ("cote d’ivoire", "CI"),
        ("Turkey", "TR"),
        ("turkiye", "TR"),
        ("aland", "AX"),
        ("CURACAO", "CW"),
        ("Reunion", "RE"),
        ("Czech Republic", "CZ"),
        ("Holland", "NL"),
        ("Kosovo", "XK"),
        ("Taiwan", "TW"),
        (" germany ", "DE"),
    ],
)
def test_the_country_that_is_meant_comes_first(query: str, code: str) -> None:
    """A code, a common name, or a name without its accents and capitals finds its country first."""
    assert find_countries(query)[0].code == code


def test_a_code_wins_over_names_that_begin_with_it() -> None:
    """Who types IN wants India, and sees Indonesia after it."""
    assert [c.code for c in find_countries("in", 2)] == ["IN", "ID"]


def test_beginnings_come_before_words_and_words_before_the_rest() -> None:
    """The order is: names that start with the query, then word starts, then anywhere in the name."""
    assert [c.code for c in find_countries("guinea")] == ["GN", "GW", "GQ", "PG"]
    assert [c.code for c in find_countries("is")][:4] == ["IS", "IM", "IL", "AX"]


def test_nothing_typed_is_everything_by_name() -> None:
    """An empty query lists the countries alphabetically, accents aside, and keeps to the limit."""
    everything = find_countries("", limit=1000)
    assert [c.code for c in everything[:3]] == ["AF", "AX", "AL"]
    assert len(everything) == len(phonenumbers.SUPPORTED_REGIONS)
    assert len(find_countries("")) == 100
    assert len(find_countries("a", limit=7)) == 7


@pytest.mark.parametrize("query", ["zzz", "Antarctica", "Bouvet Island", "💥", "\x00"])
def test_no_country_without_telephones(query: str) -> None:
    """What is no country, or has no telephone numbers, is not found."""
    assert find_countries(query) == []


def test_every_region_of_a_number_has_a_country() -> None:
    """Whatever region phonenumbers finds in a number, there is a country to show for it."""
    assert {code for code in phonenumbers.SUPPORTED_REGIONS if country(code) is None} == set()


@pytest.mark.parametrize("code", ["", "us", "ZZ", "AQ", "001", "USA", "ß"])
def test_an_unknown_code_is_no_country(code: str) -> None:
    """Only an upper-case code of a country with telephone numbers is one."""
    assert country(code) is None


def test_labels_fit_a_slack_option() -> None:
    """Every label is unique and within the 75 characters Slack allows an option."""
    labels = [c.label for c in find_countries("", limit=1000)]
    assert max(map(len, labels)) <= 75
    assert len(set(labels)) == len(labels)
    assert Country("BO", "Bolivia").label == "Bolivia (+591)"
    assert len(Country("US", "x" * 200).label) <= 75


@unhurried
@given(st.text(max_size=50), st.integers(0, 200))
def test_any_query_is_answered(query: str, limit: int) -> None:
    """Arbitrary text never raises, never repeats a country and never exceeds the limit."""
    found = find_countries(query, limit)
    assert len(found) <= limit
    assert len(set(found)) == len(found)
