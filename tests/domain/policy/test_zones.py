"""Which zones a number may ring in, and which zones a person can state."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType, timezone

from bot.domain.policy.jurisdictions import jurisdictions_of
from bot.domain.policy.number_type import NumberType, new_area_codes, number_type_of
from bot.domain.policy.tzdb import country_of_zone, keep_the_same_time, listed_zones, zone
from bot.domain.policy.zones import find_zones, is_zone, zones_of

unhurried = settings(deadline=None)  # the first look at a country loads its data


def zone_set(*names: str) -> frozenset[str]:
    return frozenset(name if "/" in name else f"America/{name}" for name in names)


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+16176451984", zone_set("New_York")),
        ("+18502345678", zone_set("Chicago", "New_York")),
        ("+14482345678", zone_set("Chicago", "New_York")),
        ("+12702345678", zone_set("Chicago", "New_York")),
        ("+13642345678", zone_set("Chicago", "New_York")),
        ("+18122345678", zone_set("Chicago", "New_York")),
        ("+19302345678", zone_set("Chicago", "New_York")),
        ("+19062345678", zone_set("Chicago", "New_York")),
        ("+15412345678", zone_set("Denver", "Los_Angeles")),
        ("+14582345678", zone_set("Boise", "Los_Angeles")),
        ("+14022345678", zone_set("Chicago", "Denver")),
        ("+12082345678", zone_set("Boise", "Denver", "Los_Angeles")),
        ("+13102345678", zone_set("Los_Angeles")),
        ("+19072345678", zone_set("Adak", "Anchorage", "Juneau")),
        ("+16892345678", zone_set("New_York")),
        ("+18072345678", zone_set("Toronto", "Winnipeg")),
        ("+12362345678", zone_set("Edmonton", "Vancouver")),
        ("+18672345678", zone_set("Edmonton", "Fort_Nelson", "Toronto", "Vancouver", "Winnipeg")),
        ("+18762345678", zone_set("Jamaica")),
        ("+442079460958", zone_set("Europe/London")),
        ("+74012345678", zone_set("Europe/Kaliningrad")),
        ("+525512345678", zone_set("Mexico_City")),
        ("+213551234567", zone_set("Africa/Algiers")),
    ],
)
def test_the_zones_of_the_whole_area_code(number: str, zones: frozenset[str]) -> None:
    """Every zone in which the area code is used, not only that of the exchange."""
    assert zones_of(number) == zones


@pytest.mark.parametrize(("number", "count"), [("+61412345678", 8), ("+79123456789", 16)])
def test_a_mobile_may_be_anywhere_in_its_country(number: str, count: int) -> None:
    """A mobile number has all zones of its country."""
    assert len(zones_of(number)) == count


def test_chilean_mobiles_may_be_on_easter_island() -> None:
    """The zones that the data leaves out count for mobiles too."""
    assert {"America/Santiago", "America/Punta_Arenas", "Pacific/Easter"} <= zones_of("+56961234567")


@pytest.mark.parametrize(
    "number",
    [
        "+18005551234",
        "+18885551234",
        "+15005551234",
        "+15335551234",
        "+16005551234",
        "+19005551234",
        "+19115551234",
        "+18016",
        "+800123456789",
        "+8001234567",
        "+870773111632",
        "+881612345678",
        "+448001111111",
        "+447012345678",
    ],
)
def test_numbers_without_a_place_have_no_zone(number: str) -> None:
    """Toll-free, personal, satellite, premium and impossible numbers need a stated zone."""
    assert zones_of(number) == frozenset()


@pytest.mark.parametrize("code", sorted(new_area_codes()))
def test_a_new_area_code_has_no_zone_and_no_state(code: str) -> None:
    """Somebody has to state the zone, and the rules of every state apply; with its type known and without."""
    e164 = f"+1{code}6451984"
    assert zones_of(e164) == zones_of(e164, NumberType.FIXED_LINE_OR_MOBILE) == frozenset()
    assert jurisdictions_of(e164, "US", None) == {"US", "US-?"}


EXAMPLES = [
    phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
    if (number := phonenumbers.example_number_for_type(region, kind))
]


@pytest.mark.parametrize("number", EXAMPLES)
def test_every_country_has_zones_that_load(number: str) -> None:
    """An ordinary number of each country has zones, and each is in the database."""
    found = zones_of(number)
    assert found and all(zone(name).key == name for name in found)


TAKEN_AWAY = {689: {"America/Chicago"}, 907: {"Pacific/Honolulu"}}


@unhurried
@given(st.integers(2_000_000_000, 9_999_999_999))
def test_no_exchange_has_a_zone_that_its_area_code_lacks(national: int) -> None:
    """What the library says of one exchange is always among what we say of the area code."""
    number = phonenumbers.parse(f"+1{national}")
    library = set(timezone.time_zones_for_number(number)) - TAKEN_AWAY.get(national // 10**7, set())
    ours = zones_of(f"+1{national}")
    assert not ours or len(library) > 40 or library <= ours


@pytest.mark.parametrize("name", ["America/Chicago", "Asia/Calcutta", "Europe/Kiev", "Asia/Kathmandu"])
def test_places_are_zones(name: str) -> None:
    """The zones of places can be stated, under their older names too."""
    assert is_zone(name) and zone(name)


@pytest.mark.parametrize(
    "name",
    (
        "",
        "UTC",
        "EST",
        "EST5EDT",
        "Etc/GMT+5",
        "Etc/UTC",
        "localtime",
        "GB",
        "Mars/Base",
        "posixrules",
        "america/chicago",
        "../zone.tab",
        "America",
        "America/",
        "/etc/localtime",
        "zone.tab",
        "Factory",
    ),
)
def test_what_is_no_place_is_no_zone(name: str) -> None:
    """Fixed offsets, names of the machine, paths and inventions cannot be stated."""
    assert not is_zone(name)


@given(st.text(max_size=30))
def test_no_text_breaks_the_check_of_a_zone(text: str) -> None:
    """Any text is a zone or not, and a zone's file is only opened under a known name."""
    if not is_zone(text) and "/" in text and not text.startswith("Etc/"):
        with pytest.raises(LookupError):
            zone(text)


def test_every_zone_offered_can_be_stated() -> None:
    """Each zone of the list is a zone, loads, and has a country."""
    assert len(listed_zones()) > 300
    assert all(is_zone(listed.name) and zone(listed.name) for listed in listed_zones())


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("america/new_york", "America/New_York"),
        ("new york", "America/New_York"),
        ("NEW", "America/New_York"),
        ("chic", "America/Chicago"),
        ("paris", "Europe/Paris"),
        ("us", "America/New_York"),
        ("united st", "America/New_York"),
        ("germany", "Europe/Berlin"),
        ("buenos", "America/Argentina/Buenos_Aires"),
        ("Kolkata", "Asia/Kolkata"),
        ("réunion", "Indian/Reunion"),
    ],
)
def test_the_type_ahead_finds_a_zone(typed: str, first: str) -> None:
    """City, part of its name, country and country code all lead to the zone."""
    assert find_zones(typed)[0] == first


def test_the_type_ahead_keeps_to_what_slack_shows() -> None:
    """At most 100 zones, for no text too; none for nonsense; parts of a country are found."""
    assert len(find_zones("")) == 100
    assert find_zones("a", limit=3) == find_zones("a")[:3]
    assert find_zones("xyzzy") == []
    assert "America/New_York" in find_zones("eastern")


@given(st.text(max_size=20))
def test_the_type_ahead_never_fails(typed: str) -> None:
    """Whatever is typed, the answer is a list of zones."""
    assert all(is_zone(name) for name in find_zones(typed))


def test_a_zone_knows_its_country() -> None:
    """Also through an older name; what is no place has none."""
    assert [country_of_zone(n) for n in ("Europe/London", "Asia/Calcutta", "US/Pacific", "Etc/UTC")] == [
        "GB",
        "IN",
        "US",
        None,
    ]


def test_zones_that_keep_the_same_time() -> None:
    """Detroit keeps New York's time; Phoenix does not keep Denver's, nor Havana New York's."""
    assert keep_the_same_time("America/Detroit", "America/New_York")
    assert not keep_the_same_time("America/Phoenix", "America/Denver")
    assert not keep_the_same_time("Europe/Bucharest", "Europe/Kaliningrad")
    assert keep_the_same_time("Asia/Calcutta", "Asia/Kolkata")
    # What was before counts no more: Chihuahua had summer time until 2022.
    assert keep_the_same_time("America/Chihuahua", "America/Mexico_City")


@pytest.mark.parametrize(
    "area", ["617", "850", "270", "812", "906", "541", "605", "807", "867", "800", "876"]
)
def test_a_type_that_is_known_changes_nothing(area: str) -> None:
    """It only spares reading the number again, whatever the exchange."""
    for exchange in range(200, 1000, 23):
        e164 = f"+1{area}{exchange}4567"
        assert zones_of(e164, number_type_of(phonenumbers.parse(e164))) == zones_of(e164)


def test_of_other_countries_the_type_alone_tells_nothing() -> None:
    """Their area codes are of any length."""
    for e164 in ("+447400123456", "+61412345678", "+79123456789"):
        assert zones_of(e164, NumberType.MOBILE) == zones_of(e164)
