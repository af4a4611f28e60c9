"""The number to call: from what a person typed to E.164, and what of it a whole channel may read.

`phonenumbers` forgives more than a call may: it turns letters into digits, drops extensions, reads
the digits of every script and makes +1911 of "911" (all seen in release 9.0.43). So the text as it was
typed is judged first, and the library is asked about what is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

import phonenumbers
from phonenumbers import (
    CountryCodeSource,
    NumberParseException,
    PhoneNumberFormat,
    ValidationResult,
    shortnumberinfo,
)

from bot.domain import countries
from bot.domain.errors import InvalidFields
from bot.domain.policy.number_type import NumberType, number_type_of, region_of

MAX_TYPED_NUMBER = 40
"""Characters that may be typed: E.164 has 15 digits, the rest is room for punctuation."""

_E164_DIGITS = 15  # ITU-T E.164: country code and national number together

LONGEST_EMERGENCY = 6
"""Digits; no country's emergency number has more, so nothing longer is looked up country by country."""

_NO_COUNTRY = ("001",)  # what phonenumbers calls the region of codes like +870 and +881

_DIGITS_OF_A_NUMBER = 7  # runs as long as this with a separator between them are numbers of their own
_SEPARATOR = re.compile(r"[,;/|&+]|\bor\b|\band\b", re.IGNORECASE)
_EXTENSION = re.compile(r"\d\W*[,;#]|(?:ext(?:n|ension)?|x)\W*\d", re.IGNORECASE)
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_NO_BREAK_SPACE = "\u00a0"
_NO_DIGIT = re.compile(r"\D")
_TEL = re.compile(r"^tel:", re.IGNORECASE)
_BARE_E164 = re.compile(r"\+[0-9]{7,15}")
_DECIMALS = re.compile(r"(?:[^.]*[0-9]\.|[^,]*[0-9],)0+")
_EXPONENT = re.compile(r"[^a-z]*[0-9]e[+-]?[0-9]+", re.IGNORECASE)
_THOUSANDS = re.compile(r"\+?[0-9]{1,3}(?:,[0-9]{3})+")
_PUNCTUATION = frozenset(f" {_NO_BREAK_SPACE}()./-\u2010\u2011\u2012\u2013\u2014")


_EMERGENCY = (
    "This is an emergency number, which is never called from here: in an emergency, dial it yourself."
)
_WITHOUT_COUNTRY = "Begin the number with + and its country code."
_SPREADSHEET = (
    "A spreadsheet changed this number: format its column as text, and type the number in full with its +."
)
_MARK_OF_TEXT = "Leave out the ' or = in front of the number, which is a spreadsheet's."
_TOO_SHORT = "This number is too short: check that no digits are missing."
_TOO_LONG = "This number is too long: check its digits, and that it is only one number."


@dataclass(frozen=True)
class PhoneNumber:
    """A valid number that may be called, as `parse_phone_number` returns it.

    `region` is the two-letter code of the country that the number itself belongs to, never one that
    somebody claimed; `bot.domain.countries` knows each of them.
    """

    e164: str
    region: str
    as_typed: str
    type: NumberType = NumberType.UNKNOWN

    @property
    def international(self) -> str:
        """In groups, for those who may see it: `+1 617-645-1984`."""
        return _international(self.e164)

    @property
    def masked(self) -> str:
        """For everybody: `+1 617 ••• ••84`. At most half of the national digits are shown."""
        return mask_e164(self.e164)


class TwoReadings(InvalidFields):
    """The digits are two numbers: one within the country that was chosen, another behind its calling code."""

    def __init__(self, within: str, behind_code: str) -> None:
        super().__init__({"to_number": _which_of(_international(within), _international(behind_code))})
        self.masked = _which_of(mask_e164(within), mask_e164(behind_code))
        """The sentence for who may not read the whole number."""


def calling_code(e164: str) -> str:
    """All that stays of a number that is forgotten: `+1`."""
    return f"+{phonenumbers.parse(e164).country_code}"


def mask_e164(e164: str) -> str:
    """A number for everybody to read: `+1 617 ••• ••84`.

    The country code, the first group and the last two digits are shown, but never more than half of
    the national digits: of a short number, less. What is no number at all becomes `••••`.
    """
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return "••••"
    number.extension = None
    code, *groups = re.findall(r"\d+", phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))
    return f"+{code} {_mask(groups)}"


def parse_phone_number(text: str, country: str | None) -> PhoneNumber:
    """Read a number typed with + and its country code, or as it is dialled within `country`.

    Spaces, dots, dashes, slashes, parentheses and a leading "tel:" are accepted. The number must belong
    to the country (an upper-case two-letter code) if one is given, unless it is dialled abroad from
    there, with 00 or 011 in front.

    Raises:
        TwoReadings: the digits begin with the country's own calling code, and behind a + would be another
            number, which is in use.
        InvalidFields: at "to_number", no number that may be called; at "country", the country is
            missing, unknown, or not the number's.
    """
    typed = text.strip(f" {_NO_BREAK_SPACE}")
    bare = _TEL.sub("", typed)
    _check_text(bare)
    chosen = _chosen(country)
    number = _parse(bare, chosen)
    kind = number_type_of(number)
    _refuse_first(_problems_of_number(number, kind))
    region = _region(number, chosen)
    return PhoneNumber(_e164(number), region, typed, kind)


def parse_with_country_code(text: str) -> PhoneNumber:
    """The same, where no country can be chosen.

    Raises:
        InvalidFields: at "to_number".
    """
    if "+" not in text:
        _refuse("to_number", _WITHOUT_COUNTRY)
    return parse_phone_number(text, None)


def to_e164(text: str, country: str | None = None) -> str:
    """The E.164 form of a number, whether or not it may be called or is in use now.

    Typed with + and its country code, or as it is dialled within the country (an upper-case two-letter code).

    Raises:
        TwoReadings: as of `parse_phone_number`.
        InvalidFields: at "to_number", it cannot be a phone number.
    """
    typed = text.strip(f" {_NO_BREAK_SPACE}")
    _check_text(typed)
    if "+" not in typed and country is None:
        _refuse("to_number", _WITHOUT_COUNTRY)
    number = _read(typed, country)
    if not phonenumbers.is_possible_number(number):
        _refuse("to_number", _why_invalid(number, ()))
    return _e164(number)


def complete_number(text: str) -> str | None:
    """The E.164 form of a number typed with + that is complete as it stands and in use; else None."""
    try:
        e164 = to_e164(text)
    except InvalidFields:
        return None
    return e164 if _in_use(phonenumbers.parse(e164)) else None


def _international(e164: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)


def _which_of(within: str, behind_code: str) -> str:
    return f"This can be {within} or {behind_code}: type the one that is meant, with its +."


def _mask(groups: list[str]) -> str:
    digits = "".join(groups)
    most = len(digits) // 2
    tail = min(2, most)
    head = min(len(groups[0]), most - tail)
    hidden = "•" * (len(digits) - head - tail)
    masked = iter(digits[:head] + hidden + digits[len(digits) - tail :])
    return " ".join("".join(next(masked) for _ in group) for group in groups)


def _refuse(field: str, sentence: str) -> NoReturn:
    raise InvalidFields({field: sentence})


def _refuse_first(problems: Iterator[str]) -> None:
    for sentence in problems:
        _refuse("to_number", sentence)


def _check_text(text: str) -> None:
    if not _BARE_E164.fullmatch(text):  # in which nothing can be wrong
        _refuse_first(_problems_of_text(text))


def _problems_of_text(text: str) -> Iterator[str]:
    """What is wrong with the text itself, before phonenumbers makes something of it."""
    if not text:
        yield "Type the phone number to call."
    if len(text) > MAX_TYPED_NUMBER:
        yield f"That is more than {MAX_TYPED_NUMBER} characters: type one phone number."
    if any(unicodedata.category(c) in _INVISIBLE for c in text):
        yield "There is an invisible character in this: type the number by hand instead of pasting it."
    if any(unicodedata.category(c).startswith("N") and not c.isascii() for c in text):
        yield "Type the number with the ordinary digits 0 to 9."
    if any(damage.fullmatch(text) for damage in (_DECIMALS, _EXPONENT, _THOUSANDS)):
        yield _SPREADSHEET
    if text[:1] in ("'", "=", "\u2019"):
        yield _MARK_OF_TEXT
    if sum(_digits_in(part) >= _DIGITS_OF_A_NUMBER for part in _SEPARATOR.split(text)) > 1:
        yield "There are two numbers in this: type one, and ask for a second call for the other."
    if _EXTENSION.search(text):
        yield "An extension cannot be called: type a number that is answered without one."
    if any(c.isalpha() for c in text):
        yield "There are letters in this: type the number with digits only."
    if not all(c.isdigit() or c in _PUNCTUATION or c == "+" for c in text):
        yield "There is a character in this that belongs to no phone number: type digits, spaces and dashes."
    if not re.fullmatch(r"[( ]*\+?[^+]*", text):
        yield "A + can only stand once, at the beginning: correct the number."
    if not _digits_in(text):
        yield "There are no digits in this: type the phone number to call."


def _digits_in(text: str) -> int:
    return sum(c.isdigit() for c in text)


def _chosen(code: str | None) -> countries.Country | None:
    country = countries.country(code) if code else None
    if code and not country:
        _refuse("country", "Choose a country from the list.")
    return country


def _parse(text: str, chosen: countries.Country | None) -> phonenumbers.PhoneNumber:
    if _is_emergency_as_typed(text, chosen):
        _refuse("to_number", _EMERGENCY)
    if "+" not in text and not chosen:
        _refuse("country", "Choose the number's country, or begin the number with + and its country code.")
    return _read(text, chosen.code if chosen else None)


def _read(text: str, country: str | None) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(text, country, keep_raw_input=True)
    except NumberParseException as error:
        _refuse("to_number", _unparseable(error))
    other = _behind_own_code(text, country) or number
    if _in_use(other) and _e164(other) != _e164(number):
        raise TwoReadings(_e164(number), _e164(other))
    return number


def _behind_own_code(text: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    """What the digits are behind a +, if they begin with the country's own calling code.

    Only one that is in use stands in the way: many an Italian mobile begins with 39, and hardly any of them
    is in use without it. Who means the number within the country types its 0, or the +.
    """
    digits = _NO_DIGIT.sub("", text)
    own_code = phonenumbers.country_code_for_region(country or "")  # of no country it is 0
    if not digits.startswith(str(own_code)):
        return None
    try:
        return phonenumbers.parse(f"+{digits}")
    except NumberParseException:
        return None


def _in_use(number: phonenumbers.PhoneNumber) -> bool:
    return number_type_of(number) is not NumberType.UNKNOWN


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _unparseable(error: NumberParseException) -> str:
    if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
        return "No country has the calling code that this number begins with: check its first digits."
    if error.error_type == NumberParseException.TOO_LONG:
        return _TOO_LONG
    return _TOO_SHORT


def _is_emergency_as_typed(text: str, chosen: countries.Country | None) -> bool:
    """Exact matches only.

    In some countries a telephone also connects whatever *begins* with 911 or 112, but what is typed
    here is never dialled. The E.164 number is, and no country's emergency number is a valid number
    behind its calling code (tried with all of them). Up to three digits are never a full number,
    so there every country's emergency numbers count.
    """
    digits = _NO_DIGIT.sub("", text)
    return _is_emergency(
        digits, {chosen.code} if chosen and len(digits) > 3 else phonenumbers.SUPPORTED_REGIONS
    )


def _is_emergency(digits: str, regions: Iterable[str]) -> bool:
    return len(digits) <= LONGEST_EMERGENCY and any(
        shortnumberinfo.is_emergency_number(digits, region) for region in regions
    )


def _problems_of_number(number: phonenumbers.PhoneNumber, kind: NumberType) -> Iterator[str]:
    """Why a number that could be parsed may not be called."""
    national = phonenumbers.national_significant_number(number)
    regions = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    if regions == _NO_COUNTRY:
        yield f"+{number.country_code} is for satellites and international networks, which are not called."
    if _is_emergency(national, regions):
        yield _EMERGENCY
    if len(f"{number.country_code}{national}") > _E164_DIGITS:
        yield _TOO_LONG
    if kind is NumberType.UNKNOWN:
        yield _why_invalid(number, regions)
    if kind is NumberType.PREMIUM_RATE or _is_976(number):
        yield "This is a premium-rate number, which is not called: type another number."


def _is_976(number: phonenumbers.PhoneNumber) -> bool:
    """Information services behind every area code of +1, of which phonenumbers does not know the price."""
    return number.country_code == 1 and phonenumbers.national_significant_number(number)[3:6] == "976"


def _why_invalid(number: phonenumbers.PhoneNumber, regions: Iterable[str]) -> str:
    if any(shortnumberinfo.is_valid_short_number_for_region(number, region) for region in regions):
        return "This is a short number, which works only within its own network: type a full number."
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.TOO_SHORT:
            return _TOO_SHORT
        case ValidationResult.TOO_LONG:
            return _TOO_LONG
        case ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return "The area code is missing: add it."
        case _:
            return "No number like this is in use: check its digits and its country."


def _region(number: phonenumbers.PhoneNumber, chosen: countries.Country | None) -> str:
    """The country of a valid number, which one calling code (+1, +7, +44) may not tell from its neighbour."""
    region = region_of(number)
    abroad = number.country_code_source == CountryCodeSource.FROM_NUMBER_WITH_IDD
    if chosen is None or abroad or region == chosen.code:
        return region
    if not phonenumbers.is_valid_number_for_region(number, chosen.code):  # several can own a freephone number
        owner = countries.country(region)
        name = owner.name if owner else region
        _refuse(
            "country", f"The country of this number is {name}, not {chosen.name}: correct one of the two."
        )
    return region
