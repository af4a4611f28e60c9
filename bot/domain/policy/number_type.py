"""What kind of number it is, as far as its numbering plan tells."""

from __future__ import annotations

from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType


class NumberType(StrEnum):
    """The types that phonenumbers tells apart. In North America a mobile looks like a fixed line."""

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
    name = PhoneNumberType.to_string(phonenumbers.number_type(number))
    return NumberType(name.lower())
