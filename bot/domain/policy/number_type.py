"""What type a number has, as far as its numbering plan tells."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import lru_cache
from importlib import resources

import phonenumbers
from phonenumbers import PhoneNumberType


class NumberType(StrEnum):
    """The types that phonenumbers knows. In North America it cannot tell a mobile from a fixed line."""

    FIXED_LINE = "fixed_line"
    MOBILE = "mobile"
    FIXED_LINE_OR_MOBILE = "fixed_line_or_mobile"
    VOIP = "voip"
    TOLL_FREE = "toll_free"
    PREMIUM_RATE = "premium_rate"
    SHARED_COST = "shared_cost"
    PERSONAL_NUMBER = "personal_number"
    PAGER = "pager"
    UAN = "uan"
    VOICEMAIL = "voicemail"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The type as a person reads it."""
        return {"uan": "company number (UAN)", "voip": "VoIP"}.get(self.value, self.value.replace("_", " "))


def number_type_of(number: phonenumbers.PhoneNumber) -> NumberType:
    """The type of a number; unknown where it is not valid."""
    if is_in_new_area(number):
        return NumberType.FIXED_LINE_OR_MOBILE
    name = PhoneNumberType.to_string(phonenumbers.number_type(number))
    return NumberType(name.lower())


def region_of(number: phonenumbers.PhoneNumber) -> str:
    """The two-letter code of the country that a valid number belongs to; empty where it is not valid."""
    return "US" if is_in_new_area(number) else phonenumbers.region_code_for_number(number) or ""


def is_in_new_area(number: phonenumbers.PhoneNumber) -> bool:
    """Whether it has an area code of the US that phonenumbers does not know yet."""
    national = phonenumbers.national_significant_number(number)
    in_plan = number.country_code == 1 and _NANP_NUMBER.fullmatch(national)
    return bool(in_plan) and national[:3] in new_area_codes()


# An exchange is never an N11 code: ATIS-0300051, Central Office Code (NXX) Assignment Guidelines.
_NANP_NUMBER = re.compile(r"[2-9][0-9]{2}(?!.11)[2-9][0-9]{6}")


@lru_cache(maxsize=1)
def new_area_codes() -> frozenset[str]:
    """Assigned area codes of the US that phonenumbers does not know (python-phonenumbers issue 318)."""
    table = tomllib.loads(resources.files(__package__).joinpath("new_area_codes.toml").read_text())
    return frozenset(table["codes"])
