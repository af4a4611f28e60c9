"""What kind of number it is."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from bot.domain.policy.number_type import NumberType, number_type_of, region_of


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+16176451984", NumberType.FIXED_LINE_OR_MOBILE),
        ("+18005551234", NumberType.TOLL_FREE),
        ("+19005551234", NumberType.PREMIUM_RATE),
        ("+442079460958", NumberType.FIXED_LINE),
        ("+447400123456", NumberType.MOBILE),
        ("+447012345678", NumberType.PERSONAL_NUMBER),
        ("+443001231234", NumberType.UAN),
        ("+33884012345", NumberType.SHARED_COST),
        ("+447640123456", NumberType.PAGER),
        ("+445612345678", NumberType.VOIP),
        ("+15005551234", NumberType.PERSONAL_NUMBER),
        ("+12025550", NumberType.UNKNOWN),
        ("+16216451984", NumberType.FIXED_LINE_OR_MOBILE),
        ("+16219111984", NumberType.UNKNOWN),
        ("+446216451984", NumberType.UNKNOWN),
    ],
)
def test_the_type_of_a_number(number: str, kind: NumberType) -> None:
    """As far as the numbering plan tells; what it does not tell is unknown."""
    assert number_type_of(phonenumbers.parse(number)) is kind


def test_every_type_of_the_library_is_one_of_ours() -> None:
    """No valid number can have a type that breaks the check, and each reads as words."""
    names = {PhoneNumberType.to_string(kind).lower() for kind in PhoneNumberType.values()}
    assert names == {kind.value for kind in NumberType}
    assert NumberType.UAN.label == "company number (UAN)" and NumberType.VOIP.label == "VoIP"
    assert NumberType.FIXED_LINE_OR_MOBILE.label == "fixed line or mobile"


@pytest.mark.parametrize(
    ("number", "region"),
    [("+16176451984", "US"), ("+16216451984", "US"), ("+14162345678", "CA"), ("+12996451984", "")],
)
def test_the_country_of_a_number(number: str, region: str) -> None:
    """Its own; none of a number that is not valid."""
    assert region_of(phonenumbers.parse(number)) == region
