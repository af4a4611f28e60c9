"""The number to call: from what a person typed to E.164, and how much of it a whole channel may read.

`phonenumbers` accepts more than a call may: it turns letters into digits, drops extensions, reads the digits
of every script and makes +1911 of "911" (all seen in release 9.0.43). So the text as it was typed is checked
first, and the library is asked about the rest.
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
"""Characters that may be typed: 15 digits of E.164, and room for punctuation."""

_E164_DIGITS = 15  # ITU-T E.164: country code and national number together

_LONGEST_SERVICE = 4
"""Digits behind a calling code that may be meant for a service, such as 411. More are half a number."""

LONGEST_EMERGENCY = 6
"""Digits. No country's emergency number has more, so anything longer is not looked up country by country."""

_NO_COUNTRY = ("001",)  # what phonenumbers calls the region of codes like +870 and +881

_DIGITS_OF_A_NUMBER = 7  # two parts with as many digits each, and a separator between them, are two numbers
_SEPARATOR = re.compile(r"[,;/|&+]|\bor\b|\band\b", re.IGNORECASE)
_EXTENSION = re.compile(r"\d\W*[,;#]|(?:ext(?:n|ension)?|x)\W*\d", re.IGNORECASE)
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_AS_SPACES = str.maketrans(dict.fromkeys(_SPACES, " "))
# Contact lists put marks around a number, so that it is shown from left to right in any text.
_AROUND = _SPACES + "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_NO_DIGIT = re.compile(r"\D")
_TEL = re.compile(r"^tel:", re.IGNORECASE)
_BARE_E164 = re.compile(r"\+[0-9]{7,15}")
_DECIMALS = re.compile(r"(?:[^.]*[0-9]\.|[^,]*[0-9],)0+")
_EXPONENT = re.compile(r"[^a-z]*[0-9]e[+-]?[0-9]+", re.IGNORECASE)
_THOUSANDS = re.compile(r"\+?[0-9]{1,3}(?:,[0-9]{3})+")
_PUNCTUATION = frozenset(" ()./-\u2010\u2011\u2012\u2013\u2014")


_EMERGENCY = "This is an emergency number, which Callgate never calls: in an emergency, dial it yourself."
_WITHOUT_COUNTRY = "Begin the number with + and its country code."
_SPREADSHEET = (
    "A spreadsheet changed this number: format its column as text, and type the number in full with its +."
)
_MARK_OF_TEXT = "Leave out the ' or = before the number: it comes from a spreadsheet."
_TOO_SHORT = "This number is too short: check that no digits are missing."
_TOO_LONG = "This number is too long: check its digits, and that it is only one number."
_UNREADABLE = {
    NumberParseException.INVALID_COUNTRY_CODE: (
        "No country has the calling code that this number begins with: check its first digits."
    ),
    NumberParseException.TOO_LONG: _TOO_LONG,
}


@dataclass(frozen=True)
class PhoneNumber:
    """A valid number that may be called, as `parse_phone_number` returns it.

    `region` is the two-letter code of the country that the number itself belongs to, whatever anybody
    claimed; `bot.domain.countries` knows each of them.
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
        """For everybody: `+1 617 ••• ••84`. No more than half of the national digits are shown."""
        return mask_e164(self.e164)


class TwoReadings(InvalidFields):
    """The digits can be two numbers: one within the chosen country, another after its calling code."""

    def __init__(self, within: str, behind_code: str) -> None:
        super().__init__({"to_number": _which_of(_international(within), _international(behind_code))})
        self.masked = _which_of(mask_e164(within), mask_e164(behind_code))
        """The sentence for people who may not read the whole number."""


def calling_code(e164: str) -> str:
    """All that is left of a forgotten number: `+1`."""
    return f"+{phonenumbers.parse(e164).country_code}"


def mask_e164(e164: str) -> str:
    """A number for everybody to read: `+1 617 ••• ••84`.

    The country code, the first group and the last two digits are shown, but never more than half of the
    national digits: less of a short number. What is not a number becomes `••••`.
    """
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return "••••"
    number.extension = None
    code, *groups = re.findall(r"\d+", phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))
    digits = "".join(groups)
    limit = len(digits) // 2
    tail = min(2, limit)
    head = min(len(groups[0]), limit - tail)
    hidden = "•" * (len(digits) - head - tail)
    masked = iter(digits[:head] + hidden + digits[len(digits) - tail :])
    return f"+{code} " + " ".join("".join(next(masked) for _ in group) for group in groups)


def parse_phone_number(text: str, country: str | None) -> PhoneNumber:
    """Read a number typed with + and its country code, or as it is dialed within `country`.

    Spaces, dots, dashes, slashes, parentheses, a leading "tel:" and marks of direction around it are
    accepted. `country` is an upper-case two-letter code. If it is given, the number must belong to it,
    unless it is typed with the country's prefix for calls abroad, such as 00 or 011.

    Raises:
        TwoReadings: the digits begin with the country's own calling code, and with a + they would be another
            number, which is in use.
        InvalidFields: at "to_number", it is not a number that may be called; at "country", the country is
            missing, unknown, or not the number's.
    """
    typed = text.strip(_AROUND)
    bare = _TEL.sub("", typed).translate(_AS_SPACES)
    _check_text(bare)
    chosen = countries.country(country) if country else None
    if country and not chosen:
        _refuse("country", "Choose a country from the list.")
    if _is_emergency_as_typed(bare, chosen):
        _refuse("to_number", _EMERGENCY)
    if "+" not in bare and not chosen:
        _refuse("country", "Choose the number's country, or begin the number with + and its country code.")
    number = _read(bare, country)
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

    It is typed with + and its country code, or as it is dialed within the country (an upper-case two-letter
    code).

    Raises:
        TwoReadings: as `parse_phone_number` does.
        InvalidFields: at "to_number", it cannot be a phone number.
    """
    typed = text.strip(_AROUND).translate(_AS_SPACES)
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
    return f"This can be {within} or {behind_code}: type the one you mean, with its +."


def _refuse(field: str, sentence: str) -> NoReturn:
    raise InvalidFields({field: sentence})


def _refuse_first(problems: Iterator[str]) -> None:
    for sentence in problems:
        _refuse("to_number", sentence)


def _check_text(text: str) -> None:
    if not _BARE_E164.fullmatch(text):  # in which nothing can be wrong
        _refuse_first(_problems_of_text(text))


def _problems_of_text(text: str) -> Iterator[str]:
    """What is wrong with the text itself, before phonenumbers makes something else of it."""
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
        yield "A character in this is not part of any phone number: type digits, spaces and dashes."
    if not re.fullmatch(r"[( ]*\+?[^+]*", text):
        yield "There can be only one +, at the beginning: correct the number."
    if not _digits_in(text):
        yield "There are no digits in this: type the phone number to call."


def _digits_in(text: str) -> int:
    return sum(c.isdigit() for c in text)


def _read(text: str, country: str | None) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(text, country, keep_raw_input=True)
    except NumberParseException as error:
        _refuse("to_number", _UNREADABLE.get(error.error_type, _TOO_SHORT))
    other = _behind_own_code(text, country) or number
    if _in_use(other) and _e164(other) != _e164(number):
        raise TwoReadings(_e164(number), _e164(other))
    return number


def _behind_own_code(text: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    """What the digits are after a +, if they begin with the country's own calling code.

    Many Italian mobile numbers begin with 39, which is Italy's code too. Hardly any of them is also in use
    without it, so only a number that is in use counts as a second reading. Whoever means the number within
    the country types its 0, or the +.
    """
    digits = _NO_DIGIT.sub("", text)
    own_code = phonenumbers.country_code_for_region(country or "")  # 0 without a country
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


def _is_emergency_as_typed(text: str, chosen: countries.Country | None) -> bool:
    """Whether the digits are an emergency number; only exact matches count.

    In some countries a telephone also connects whatever *begins* with 911 or 112. But what is typed here is
    never dialed: the E.164 number is. After its calling code no country's emergency number is a valid number
    (tried with all of them). Three digits or fewer are never a full number, so for these every country's
    emergency numbers count.
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
        yield f"+{number.country_code} is for satellites and international networks: it is not called."
    if _is_emergency(national, regions):
        yield _EMERGENCY
    if len(f"{number.country_code}{national}") > _E164_DIGITS:
        yield _TOO_LONG
    if kind is NumberType.UNKNOWN:
        yield _why_invalid(number, regions)
    # After any area code of +1, 976 is an information service; phonenumbers does not know that it costs more.
    if kind is NumberType.PREMIUM_RATE or (number.country_code == 1 and national[3:6] == "976"):
        yield "This is a premium-rate number, which is not called: type another number."


def _why_invalid(number: phonenumbers.PhoneNumber, regions: Iterable[str]) -> str:
    if _may_be_short(number) and any(
        shortnumberinfo.is_valid_short_number_for_region(number, region) for region in regions
    ):
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


def _may_be_short(number: phonenumbers.PhoneNumber) -> bool:
    national = phonenumbers.national_significant_number(number)
    within = number.country_code_source == CountryCodeSource.FROM_DEFAULT_COUNTRY
    return within or len(national) <= _LONGEST_SERVICE


def _region(number: phonenumbers.PhoneNumber, chosen: countries.Country | None) -> str:
    """The country of a valid number, which may share its calling code (+1, +7, +44) with others."""
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
