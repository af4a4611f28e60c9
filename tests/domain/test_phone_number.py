"""Which numbers may be called, which sentence says why not, and what of a number everybody sees."""

import random
import re
import unicodedata
from itertools import product

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType, shortnumberinfo

from bot.domain.countries import country
from bot.domain.errors import InvalidFields
from bot.domain.phone_number import (
    LONGEST_EMERGENCY,
    MAX_TYPED_NUMBER,
    TwoReadings,
    complete_number,
    mask_e164,
    parse_phone_number,
    parse_with_country_code,
    to_e164,
)
from bot.domain.policy.number_type import NumberType, new_area_codes, number_type_of

unhurried = settings(deadline=None)  # the first look at a country loads its data

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
EXAMPLES = [
    number
    for region, kind in product(REGIONS, PhoneNumberType.values())
    if (number := phonenumbers.example_number_for_type(region, kind))
]
ORDINARY = [n for n in EXAMPLES if phonenumbers.number_type(n) != PhoneNumberType.PREMIUM_RATE]


def refusal(text: str, region: str | None = None) -> dict[str, str]:
    """The errors with which a number is refused; empty if it is not."""
    try:
        parse_phone_number(text, region)
    except InvalidFields as error:
        return error.errors
    return {}


@pytest.mark.parametrize(
    ("text", "region", "e164", "belongs_to"),
    [
        ("+16176451984", None, "+16176451984", "US"),
        ("+1 (617) 645-1984", None, "+16176451984", "US"),
        ("  +1.617.645.1984  ", "US", "+16176451984", "US"),
        ("(+1) 617 645 1984", None, "+16176451984", "US"),
        ("+1\u00a0617\u2011645\u20131984", None, "+16176451984", "US"),
        ("tel:+1-617-645-1984", None, "+16176451984", "US"),
        ("+1" + " " * (MAX_TYPED_NUMBER - 12) + "6176451984", None, "+16176451984", "US"),
        ("617/645-1984", "US", "+16176451984", "US"),
        ("+49 89 12345/678901", None, "+498912345678901", "DE"),  # no two numbers: the second has six digits
        ("1 617 645 1984", "US", "+16176451984", "US"),
        ("+44 (0)20 7946 0958", None, "+442079460958", "GB"),
        ("020 7946 0958", "GB", "+442079460958", "GB"),
        ("011 44 20 7946 0958", "US", "+442079460958", "GB"),
        ("0061 412 345 678", "GB", "+61412345678", "AU"),
        ("06 1234567", "IT", "+39061234567", "IT"),
        ("+39 06 1234567", None, "+39061234567", "IT"),
        ("11 15 2345-6789", "AR", "+5491123456789", "AR"),
        ("+54 11 15 2345 6789", None, "+5491123456789", "AR"),
        ("55 1234 5678", "MX", "+525512345678", "MX"),
        ("+7 701 234 5678", "KZ", "+77012345678", "KZ"),
        ("8 (912) 345-67-89", "RU", "+79123456789", "RU"),
        ("+383 44 123 456", "XK", "+38344123456", "XK"),
        ("+290 22158", None, "+29022158", "SH"),
        ("2611", "LU", "+3522611", "LU"),  # an emergency number only elsewhere
        ("+1 809 555 1234", None, "+18095551234", "DO"),
        ("+1 809 555 1234", "", "+18095551234", "DO"),
    ],
)
def test_numbers_as_people_type_them(text: str, region: str | None, e164: str, belongs_to: str) -> None:
    """The usual ways to write a number all lead to its E.164 form and its own country."""
    number = parse_phone_number(text, region)
    assert (number.e164, number.region, number.as_typed) == (e164, belongs_to, text.strip())


@pytest.mark.parametrize("mark", "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_marks_of_direction_around_a_pasted_number_do_not_count(mark: str) -> None:
    """Contact lists put them there, and nobody sees them; inside a number they would change how it reads."""
    for text in (f"{mark}+1 617 645 1984", f"+1 617 645 1984 {mark}", f" {mark}{mark} +1 617 645 1984{mark}"):
        number = parse_phone_number(text, None)
        assert (number.e164, number.as_typed) == ("+16176451984", "+1 617 645 1984")
        assert to_e164(text) == "+16176451984"
    assert "invisible" in refusal(f"+1 617{mark} 645 1984", None)["to_number"]


@pytest.mark.parametrize("space", [c for c in map(chr, range(0x110000)) if unicodedata.category(c) == "Zs"])
def test_every_space_is_a_space(space: str) -> None:
    """Typesetters and web pages put thin ones between the groups."""
    text = f"{space}+1{space}617{space}645-1984{space}"
    number = parse_phone_number(text, None)
    assert (number.e164, number.as_typed) == ("+16176451984", text.strip())


@pytest.mark.parametrize(
    ("text", "region", "part"),
    [
        ("", None, "Type the phone number"),
        ("   ", "US", "Type the phone number"),
        ("1" * (MAX_TYPED_NUMBER + 1), "US", "more than 40 characters"),
        ("9" * 1_000_000, None, "more than 40 characters"),
        ("1-800-FLOWERS", "US", "letters"),
        ("call me", None, "letters"),
        ("+16176451984X", None, "letters"),
        ("６１７６４５１９８４", "US", "ordinary digits"),
        ("٦١٧٦٤٥١٩٨٤", "US", "ordinary digits"),
        ("617645198⁴", "US", "ordinary digits"),
        ("617645198④", "US", "ordinary digits"),
        ("+1617\u202a6451984", None, "invisible"),
        ("+1617\u20696451984\u202c", None, "invisible"),
        ("\u200b+16176451984", None, "invisible"),
        ("+1617\u200b6451984", None, "invisible"),
        ("+1617\n6451984", None, "invisible"),
        ("+1617\x006451984", None, "invisible"),
        ("\ud800+16176451984", None, "invisible"),
        ("+1617\u20286451984", None, "invisible"),
        ("+1617\u20296451984", None, "invisible"),
        ("+1617\ue0006451984", None, "invisible"),  # for private use: nobody sees what it is
        ("+1617\u03786451984", None, "invisible"),  # not a character yet
        ("6176451984, 6176451985", "US", "two numbers"),
        ("6176451984 or 6176451985", "US", "two numbers"),
        ("6176451984 and 6176451985", "US", "two numbers"),
        ("6176451984/6176451985", "US", "two numbers"),
        ("+1 617 645 1984 +1 617 645 1985", None, "two numbers"),
        ("6176451984 6176451985", "US", "only one number"),
        ("617+6451984", "US", "There can be only one +"),
        ("++16176451984", None, "There can be only one +"),
        ("*67 6176451984", "US", "is not part of any phone number"),
        ("617_645_1984", "US", "is not part of any phone number"),
        ("<@U123>", "US", "letters"),
        ("💥6176451984", "US", "is not part of any phone number"),
        ("+", None, "There are no digits"),
        ("( )", "US", "There are no digits"),
        ("6451984/6451985", "US", "two numbers"),
        ("0-0-0", "US", "emergency"),
        ("5", "US", "too short"),
        ("617", "US", "too short"),
        ("+1 617 645 19", None, "too short"),
        ("+1 617 645", None, "too short"),
        ("+1 61764", None, "too short"),
        ("011 1 617 645", "US", "too short"),
        ("61764519841", "US", "too long"),
        ("+52 1 55 1234 5678", None, "too long"),
        ("+49 15123456789012", None, "too long"),
        ("+3491234567890123456", None, "too long"),
        ("645-1984", "US", "area code"),
        ("+999 123 4567", None, "calling code"),
        ("+1 211 645 1984", None, "No number like this is in use"),
        ("+44 7700 900123", None, "No number like this is in use"),
    ],
)
def test_what_is_no_number(text: str, region: str | None, part: str) -> None:
    """Text that is not one valid number is refused at the number's field, each mistake with its sentence."""
    assert part in refusal(text, region)["to_number"]


@pytest.mark.parametrize(
    "tail",
    [" x99", "x99", " ext. 99", "ext99", " extn 9", " extension 9", ";ext=99", "#99", ",,99", ";123", ",,"],
)
@pytest.mark.parametrize("number", ["+16176451984", "(617) 645-1984"])
def test_an_extension_is_refused(number: str, tail: str) -> None:
    """E.164 would drop an extension and ring somebody else, so no form of it gets through."""
    assert "extension" in refusal(number + tail, "US")["to_number"]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("911", "US"),
        ("9-1-1", "US"),
        ("(911)", "US"),
        ("tel:911", "US"),
        ("112", "US"),
        ("911", "GB"),
        ("999", "GB"),
        ("112", "DE"),
        ("15", "FR"),
        ("190", "BR"),
        ("000", "AU"),
        ("10111", "NA"),
        ("90000", "SE"),
        ("911", None),
        ("112", None),
        ("999", None),
        ("000", None),
        ("15", None),
        ("+911", None),
        ("+112", "US"),
        ("+1911", None),
        ("+1 911", "US"),
        ("+44 999", None),
        ("+44 112", "US"),
        ("+61 000", None),
        ("00 1 911", "GB"),
        ("011 44 999", "US"),
    ],
)
def test_an_emergency_number_is_refused(text: str, region: str | None) -> None:
    """However it is written, and with or without a country, an emergency number is called by nobody."""
    assert "emergency" in refusal(text, region)["to_number"]


@pytest.mark.parametrize("region", REGIONS)
def test_every_emergency_number_of_every_country_is_refused(region: str) -> None:
    """All two- and three-digit ones are refused, typed nationally, with + or without a country."""
    code = phonenumbers.country_code_for_region(region)
    texts = (str(n).zfill(width) for width in (2, 3) for n in range(10**width))
    for text in (t for t in texts if shortnumberinfo.is_emergency_number(t, region)):
        assert "emergency" in refusal(text, region)["to_number"]
        assert "emergency" in refusal(text)["to_number"]
        assert refusal(f"+{code}{text}")["to_number"]


def test_no_emergency_number_is_longer_than_we_look() -> None:
    """What phonenumbers knows of every country says so, as of the release that is installed."""
    known = [phonenumbers.PhoneMetadata.short_metadata_for_region(region, None) for region in REGIONS]
    lengths = [n for data in known if data and data.emergency for n in data.emergency.possible_length]
    assert max(lengths) == LONGEST_EMERGENCY


@pytest.mark.parametrize(
    ("text", "region"),
    [("9112345678", "US"), ("9112345678901", "US"), ("0001234", "AU"), ("+1 911 234 5678", None)],
)
def test_digits_behind_an_emergency_number_do_not_help(text: str, region: str | None) -> None:
    """Where a telephone would connect whatever begins with 911, no valid number begins so."""
    assert refusal(text, region)["to_number"]


def test_a_valid_number_may_begin_like_an_emergency_number() -> None:
    """A Lithuanian area code begins with 03, which connects to an ambulance; the full number is fine."""
    assert shortnumberinfo.connects_to_emergency_number("(0-312) 34567", "LT")
    assert parse_phone_number("(0-312) 34567", "LT").e164 == "+37031234567"


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("411", "US"),
        ("23456", "US"),
        ("+1 411", None),
        ("+1 4636", None),
        ("617645", "US"),
        ("9110", "US"),
        ("116117", "DE"),
    ],
)
def test_a_short_number_is_refused(text: str, region: str | None) -> None:
    """Service and message codes are not numbers that a call can be placed to."""
    assert "short number" in refusal(text, region)["to_number"]


@pytest.mark.parametrize(
    "text", ["+1 900 234 5678", "+44 909 123 4567", "+33 899 12 34 56", "+49 900 1234567"]
)
def test_premium_rate_is_refused(text: str) -> None:
    """A number that the caller pays extra for is refused."""
    assert "premium-rate" in refusal(text)["to_number"]


def test_every_premium_rate_example_is_refused() -> None:
    """What phonenumbers knows as premium rate, in any country, never becomes a number to call."""
    premium = [n for n in EXAMPLES if phonenumbers.number_type(n) == PhoneNumberType.PREMIUM_RATE]
    assert len(premium) > 50
    for number in premium:
        assert (
            "premium-rate" in refusal(phonenumbers.format_number(number, PhoneNumberFormat.E164))["to_number"]
        )


@pytest.mark.parametrize(
    "text",
    [
        "+870 773 111 632",
        "+8816 1234 5678",
        "+882 13 12 3456",
        "+883 510 000 000 000",
        "+888 1234 5678 901",
        "+800 1234 5678",
        "+808 1234 5678",
        "+979 1 2345 6789",
    ],
)
def test_satellites_and_international_networks_are_refused(text: str) -> None:
    """A number of no country is refused, typed with + or dialled with 00."""
    assert "satellites" in refusal(text)["to_number"]
    assert "satellites" in refusal(text.replace("+", "00 "), "GB")["to_number"]


@pytest.mark.parametrize(
    ("text", "region", "part"),
    [
        ("6176451984", None, "Choose the number's country"),
        ("6176451984", "", "Choose the number's country"),
        ("0044 20 7946 0958", None, "begin the number with +"),
        ("6176451984", "ZZ", "from the list"),
        ("+16176451984", "us", "from the list"),
        ("+16176451984", "AQ", "from the list"),
        ("+16176451984", "001", "from the list"),
        ("+16176451984", "GB", "is United States, not United Kingdom"),
        ("6176451984", "CA", "is United States, not Canada"),
        ("8095551234", "US", "is Dominican Republic, not United States"),
        ("+1 809 555 1234", "US", "is Dominican Republic, not United States"),
        ("+7 701 234 5678", "RU", "is Kazakhstan, not Russian Federation"),
        ("+44 7911 123456", "GB", "is Guernsey, not United Kingdom"),
    ],
)
def test_a_country_that_cannot_be(text: str, region: str | None, part: str) -> None:
    """A missing, unknown or contradicting country is refused at the country's field."""
    assert part in refusal(text, region)["country"]


@pytest.mark.parametrize("region", ["US", "CA", "JM"])
def test_a_number_of_several_countries_may_be_claimed_by_each(region: str) -> None:
    """A freephone number that countries share agrees with each; its region stays the same."""
    assert parse_phone_number("+1 800 555 1234", region).region == "US"


@pytest.mark.parametrize(
    ("e164", "masked"),
    [
        ("+16176451984", "+1 617 ••• ••84"),
        ("+442079460958", "+44 20 •••• ••58"),
        ("+61412345678", "+61 41• ••• •78"),
        ("+5491123456789", "+54 9 •• •••• ••89"),
        ("+39061234567", "+39 06 ••• ••67"),
        ("+29022158", "+290 •••58"),
        ("+6834002", "+683 ••02"),
        ("+16176451984x5678", "+1 617 ••• ••84"),
        ("", "••••"),
        ("no number", "••••"),
        ("6176451984", "••••"),
    ],
)
def test_a_masked_number(e164: str, masked: str) -> None:
    """The first group and the last two digits are shown, less of a short number, nothing of other text."""
    assert mask_e164(e164) == masked


def test_how_a_number_is_shown() -> None:
    """A number has an international form for those who may see it and a masked one for all."""
    number = parse_phone_number("617.645.1984", "US")
    assert number.international == "+1 617-645-1984"
    assert number.masked == "+1 617 ••• ••84"


def test_every_example_number_survives_the_round_trip() -> None:
    """Of every kind in every country, E.164 reads back as itself and belongs to a known country."""
    for example_number in ORDINARY:
        e164 = phonenumbers.format_number(example_number, PhoneNumberFormat.E164)
        number = parse_phone_number(e164, None)
        assert number.e164 == e164
        assert country(number.region)
        assert parse_phone_number(number.international, number.region).e164 == e164


def test_no_mask_gives_its_number_away() -> None:
    """For every country, at most half of the national digits are readable and the groups are kept."""
    for example_number in EXAMPLES:
        assert_hides(phonenumbers.format_number(example_number, PhoneNumberFormat.E164))


def assert_hides(e164: str) -> None:
    """The mask of this number tells at most half of its national digits."""
    number = phonenumbers.parse(e164)
    national = phonenumbers.national_significant_number(number)
    _, *groups = mask_e164(e164).split(" ")
    shown = re.sub(r"\D", "", "".join(groups))
    assert len("".join(groups)) == len(national)
    assert len(shown) <= len(national) // 2
    assert national not in mask_e164(e164).replace(" ", "")


@unhurried
@given(st.text(max_size=60), st.sampled_from([None, "US", "GB", "IT", "BR", "SG", "ZZ"]))
@example("+" * 40, "US")
@example("00" * 20, "GB")
def test_any_text_is_a_number_or_refused(text: str, region: str | None) -> None:
    """Arbitrary text gives a valid number or one short sentence at a known field, and no other error."""
    assert_number_or_refused(text, region)


@unhurried
@given(st.text("0123456789+ -().,;x#/", max_size=45), st.sampled_from([None, *REGIONS]))
def test_any_digits_are_a_number_or_refused(text: str, region: str | None) -> None:
    """Text that looks like a number gives a valid one or one short sentence, whatever the country."""
    assert_number_or_refused(text, region)


def assert_number_or_refused(text: str, region: str | None) -> None:
    """What comes out is callable and masked, or a refusal that can be shown."""
    try:
        number = parse_phone_number(text, region)
    except InvalidFields as error:
        ((name, sentence),) = error.errors.items()
        assert name in {"to_number", "country"}
        assert sentence.isprintable()
        assert len(sentence) < 150
    else:
        assert re.fullmatch(r"\+[1-9]\d{5,14}", number.e164)
        assert number_type_of(phonenumbers.parse(number.e164)) is number.type is not NumberType.UNKNOWN
        assert parse_phone_number(number.e164, None).e164 == number.e164
        assert_hides(number.e164)


@unhurried
@given(st.text(max_size=40))
def test_any_text_can_be_masked(text: str) -> None:
    """Masking never raises, and never shows more than half of the digits of a number it recognises."""
    masked = mask_e164(text)
    assert masked == "••••" or "•" in masked


@pytest.mark.parametrize(
    ("text", "region"),
    [("+1 212 976 1234", None), ("(212) 976-1234", "US"), ("+14169761234", None), ("+18769761234", None)],
)
def test_976_exchanges_are_premium(text: str, region: str | None) -> None:
    """Behind every area code of +1 the exchange 976 is refused, though phonenumbers knows no price for it."""
    assert "premium-rate" in refusal(text, region)["to_number"]


@pytest.mark.parametrize("text", ["+12129771234", "+12122976123", "+15202129760", "+442079760958"])
def test_976_elsewhere_in_a_number_is_ordinary(text: str) -> None:
    """Only the exchange counts, and only in the North American plan."""
    assert not refusal(text)


@pytest.mark.parametrize(("typed", "country"), [("320221", "FM"), ("10111", "NA"), ("723141", "NE")])
def test_the_longest_emergency_numbers_are_known(typed: str, country: str) -> None:
    """They have five and six digits."""
    with pytest.raises(InvalidFields) as refused:
        parse_phone_number(typed, country)
    assert "emergency" in refused.value.errors["to_number"]


def test_where_no_country_can_be_chosen_a_number_has_its_code() -> None:
    """With + it is read as everywhere; without, the sentence is about the number."""
    assert parse_with_country_code("+1 617 645 1984").e164 == "+16176451984"
    for typed in ("617 645 1984", ""):
        with pytest.raises(InvalidFields) as refused:
            parse_with_country_code(typed)
        assert set(refused.value.errors) == {"to_number"}


@pytest.mark.parametrize("typed", ["617 645 1984", "+1 617", "+999 12345678", "nobody"])
def test_what_cannot_be_a_number_goes_on_no_list(typed: str) -> None:
    """Refused at the number, whatever is wrong with it."""
    with pytest.raises(InvalidFields) as refused:
        to_e164(typed)
    assert set(refused.value.errors) == {"to_number"}


@pytest.mark.parametrize(
    ("text", "region", "within", "behind_code"),
    [
        ("4915112345678", "DE", "+49 491 5112345678", "+49 1511 2345678"),
        ("49 151 123 456 78", "DE", "+49 491 5112345678", "+49 1511 2345678"),
        ("49 (0) 30 901820", "DE", "+49 4903 0901820", "+49 30 901820"),
        ("4350 6750", "AT", "+43 4350 6750", "+43 50 6750"),
        ("55 3003 1234", "BR", "+55 55 3003-1234", "+55 3003-1234"),
    ],
)
def test_a_lost_plus_that_makes_two_numbers_of_one_is_refused(
    text: str, region: str, within: str, behind_code: str
) -> None:
    """Both readings are shown, in the form and for a list; typed with its 0 or its + each is read."""
    for read in (parse_phone_number, to_e164):
        with pytest.raises(TwoReadings) as refused:
            read(text, region)
        assert within in refused.value.sentence and behind_code in refused.value.sentence
        assert set(refused.value.errors) == {"to_number"} and refused.value.sentence.isprintable()
        assert mask_e164(within) in refused.value.masked and mask_e164(behind_code) in refused.value.masked
    for reading in (within, behind_code):
        e164 = "+" + re.sub(r"\D", "", reading)
        assert parse_phone_number(reading, region).e164 == to_e164(reading, region) == e164


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("16176451984", "US", "+16176451984"),
        ("0491 12345678", "DE", "+4949112345678"),
        ("0049 151 12345678", "DE", "+4915112345678"),
        ("391 234 5678", "IT", "+393912345678"),  # a mobile; nothing is in use behind +39 1
        ("491999999", "DE", "+49491999999"),  # likewise
        ("47 12 34 56", "NO", "+4747123456"),
        ("44 20 7946 0958", "GB", "+442079460958"),
        ("7 912 345 67 89", "RU", "+79123456789"),
        ("55 99912-3456", "BR", "+5555999123456"),
    ],
)
def test_digits_like_a_calling_code_are_read_where_only_one_number_can_be_meant(
    text: str, region: str, e164: str
) -> None:
    """The same number both ways, a 0 that says that it is dialled within, or only one that is in use."""
    assert parse_phone_number(text, region).e164 == to_e164(text, region) == e164


def test_no_number_typed_without_its_plus_is_read_as_another() -> None:
    """Of every kind in every country, calling code first and their own country chosen: right, or refused.

    Each is tried with other last digits, too, wherever that is a number.
    """
    seed = random.Random(2711)
    read, refused = 0, 0
    for number in ORDINARY:
        region = phonenumbers.region_code_for_number(number)
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        ends = ["", *(f"{seed.randrange(10**n):0{n}}" for n in (1, 3, 5, 5, 5))]
        for typed in (e164[1 : len(e164) - len(end)] + end for end in ends):
            if region == "001" or complete_number(f"+{typed}") is None:
                continue
            for reader in (lambda text, of: parse_phone_number(text, of).e164, to_e164):
                try:
                    assert reader(typed, region) == f"+{typed}", (typed, region)
                    read += 1
                except InvalidFields:
                    refused += 1
    assert read > 5_000 and refused > 100


@pytest.mark.parametrize("region", ["DE", "AT", "FI", "LU", "IT", "NZ", "ID", "BR"])
def test_no_mobile_typed_without_its_plus_is_read_as_another(region: str) -> None:
    """Three hundred mobiles of each country whose numbers have several lengths."""
    seed = random.Random(region)
    example_number = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    begin = phonenumbers.format_number(example_number, PhoneNumberFormat.E164)[1:-6]
    for typed in (f"{begin}{seed.randrange(10**6):06}" for _ in range(300)):
        assert refusal(typed, region) or parse_phone_number(typed, region).e164 == f"+{typed}"


SPREADSHEETS = [
    "4930901820.0",
    "+4930901820.0",
    "4930901820.00",
    "4930901820,0",
    "+49 30 901820.0",
    "4 930 901 820,00",
    "4,930,901,820.0",
    "4.930.901.820,0",
    "4,930,901,820",
    "6.17E+09",
    "6,17e+09",
    "4.93090182E10",
    "49e9",
]


@pytest.mark.parametrize("text", SPREADSHEETS)
def test_what_a_spreadsheet_made_of_a_number_is_refused(text: str) -> None:
    """A decimal, an exponent, thousands: said, with what to do, before it becomes another number."""
    for read in (parse_phone_number, to_e164):
        with pytest.raises(InvalidFields, match=r"spreadsheet changed.*as text.*with its \+"):
            read(text, "DE")


@pytest.mark.parametrize("text", ["'+4930901820", "’+4930901820", '="+4930901820"', "=+4930901820"])
def test_a_mark_in_front_that_is_a_spreadsheets_is_named(text: str) -> None:
    """The number behind it is whole: it only has to be typed alone."""
    assert "from a spreadsheet" in refusal(text, "DE")["to_number"]


@pytest.mark.parametrize("text", ["01.42.34.56.00", "01 42 34 56 00", "+33.142345600", "+33 1 42.34.56.00"])
def test_dots_of_a_number_are_no_decimals(text: str) -> None:
    """As French numbers are written, also where the last digits are noughts."""
    assert parse_phone_number(text, "FR").e164 == "+33142345600"


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("+49 30 901820", "+4930901820"),
        ("+16176451984", "+16176451984"),
        ("+1 621 645 1984", "+16216451984"),
        ("+1 617 645 198", None),
        ("+1 617 123 1984", None),
        ("617 645 1984", None),
        ("+49 30", None),
        ("+49 30 901820 x", None),
        ("", None),
    ],
)
def test_a_complete_number(text: str, e164: str | None) -> None:
    """With its calling code, and in use."""
    assert complete_number(text) == e164


@pytest.mark.parametrize("code", sorted(new_area_codes()))
def test_an_area_code_that_phonenumbers_does_not_know_yet_is_read(code: str) -> None:
    """As a number of the US, however it is typed. If this fails, phonenumbers has learned the code: take it
    out of new_area_codes.toml.
    """
    e164 = f"+1{code}6451984"
    assert not phonenumbers.is_valid_number(phonenumbers.parse(e164))
    for text, region in ((e164, None), (f"({code}) 645-1984", "US"), (f"1 {code} 645 1984", "US")):
        number = parse_phone_number(text, region)
        assert (number.e164, number.region) == (e164, "US")
        assert number.type is NumberType.FIXED_LINE_OR_MOBILE
    assert number.masked == f"+1 {code} ••• ••84" and number.international == f"+1 {code}-645-1984"
    assert to_e164(f"{code} 645 1984", "US") == e164
    assert "is United States, not Canada" in refusal(e164, "CA")["country"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("+1 621 911 1984", "No number like this is in use"),
        ("+1 621 411 1984", "No number like this is in use"),
        ("+1 621 145 1984", "No number like this is in use"),
        ("+1 621 045 1984", "No number like this is in use"),
        ("+1 299 645 1984", "No number like this is in use"),
        ("+1 621 976 1984", "premium-rate"),
        ("+1 621 645 198", "too short"),
        ("+1 621 645 19844", "too long"),
        ("+44 621 645 1984", "No number like this is in use"),
    ],
)
def test_behind_a_new_area_code_only_numbers_of_the_plan_are_read(text: str, part: str) -> None:
    """An exchange does not begin with 0 or 1 and is no N11 code; 976 is premium there, too."""
    assert part in refusal(text)["to_number"]


def test_the_new_area_codes() -> None:
    """Those that were assigned since phonenumbers 9.0.43 had its data, and no others."""
    assert sorted(new_area_codes()) == [
        "357", "436", "457", "465", "471", "483", "621", "624", "679", "729", "837", "861", "924",
    ]  # fmt: skip
