"""A file of phone numbers: each line is a number or named as wrong, and no line spoils another."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused
from bot.domain.number_list import BadLine, Layout, ListedNumber, read_list

HASH = "sha256:" + "0a" * 32
ONE, OTHER = "+16176451984", "+16176451985"


def read(text: str, country: str | None = None) -> list[ListedNumber | BadLine]:
    layout, *found = read_list(io.StringIO(text), country)
    assert isinstance(layout, Layout)
    return [each for each in found if not isinstance(each, Layout)]


def layout_of(text: str) -> Layout:
    layout = next(read_list(io.StringIO(text)))
    assert isinstance(layout, Layout)
    return layout


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (f"{ONE}\n{OTHER}\n", [(ONE, ""), (OTHER, "")]),
        (f"\n  {ONE}  \n\n", [(ONE, "")]),
        (f"+1 (617) 645-1984,they rang\n{OTHER}", [(ONE, "they rang"), (OTHER, "")]),
        (f"number,why\n{ONE},they rang", [(ONE, "they rang")]),
        (f"Name;Phone;Reason\nAna;{ONE};no more", [(ONE, "no more")]),
        (f"why\tnumber\nx\t{ONE}", [(ONE, "x")]),
        (f"number\n{ONE},of another column", [(ONE, "")]),
        (f'"{ONE}","a ""quoted"", reason"', [(ONE, 'a "quoted", reason')]),
        (f"{ONE},two\x0b words\u202e", [(ONE, "two words")]),
        (f"{HASH},forgotten", [(HASH, "forgotten")]),
        (f"{ONE},Xena asked", [(ONE, "Xena asked")]),
        ("+54 11 15 2345 6789", [("+5491123456789", "")]),
        ("+1 900 555 0199", [("+19005550199", "")]),
    ],
)
def test_what_can_be_read(text: str, listed: list[tuple[str, str]]) -> None:
    """With or without names of the columns, in any of the usual ways to write it; whether in use or not."""
    assert read(text) == [ListedNumber(number, why) for number, why in listed]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (f"phone 12345\n{ONE}", 1, "letters"),
        (f"{ONE}\n6176451984\n", 2, "Begin the number with +"),
        ("16176451984", 1, "Begin the number with +"),
        ("+1617645198", 1, "too short"),
        ("+16176451984000000", 1, "too long"),
        ("1.61765E+10", 1, "spreadsheet changed"),
        ("+1-800-FLOWERS", 1, "letters"),
        ("+16176451984 x99", 1, "extension"),
        ("+999 6176451984", 1, "No country has the calling code"),
        ("+٠٦١٧", 1, "ordinary digits"),
        ("+1617\u200b6451984", 1, "invisible"),
        (f'{ONE}\n"{ONE}\n{OTHER}', 2, "quote"),
        (f'"{ONE}"x', 1, "quote"),
        ("sha256:0a", 1, "letters"),
        (f"{ONE}Xena", 1, "letters"),
        (f"4711,{ONE}\n{OTHER};a, b", 1, "extension"),
        (f'"+1617,\n{ONE};a, b', 1, "quote"),
        (f"{ONE};semicolons here\n{OTHER},a comma there", 2, "extension"),
        ("\ufffd+16176451984", 1, "is not part of any phone number"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, line: int, reason: str) -> None:
    """The number of the line and the reason; the lines around it are read all the same."""
    found = read(text)
    (bad,) = (each for each in found if isinstance(each, BadLine))
    assert bad.line == line and reason in bad.reason
    assert len(found) == sum(bool(each.strip()) for each in io.StringIO(text))


def test_numbers_without_a_plus_are_read_with_their_country() -> None:
    """As they are dialled there; those with a plus stay what they are."""
    found = read("6176451984\n(617) 645-1985\n1 617 645 1984\n+44 20 7946 0958", "US")
    numbers = [each.number for each in found if isinstance(each, ListedNumber)]
    assert numbers == [ONE, OTHER, ONE, "+442079460958"]


@given(st.lists(st.text(max_size=60) | st.text('+1617,;"\t sha256:', max_size=30), max_size=6))
def test_any_lines_are_read_or_named(lines: list[str]) -> None:
    """Whatever stands in a file: a number, or a printable reason that repeats nothing of it."""
    try:
        layout, *found = read_list(lines)
    except Refused as error:
        assert error.sentence.isprintable() and len(error.sentence) < 200
        return
    assert isinstance(layout, Layout) and layout.sentence.isprintable()
    for each in found:
        if isinstance(each, BadLine):
            assert 1 <= each.line <= len(lines) and each.reason.isprintable() and len(each.reason) < 120
        else:
            assert isinstance(each, ListedNumber) and each.number.startswith(("+", "sha256:"))


@pytest.mark.parametrize(
    "name",
    [
        *("number", "Phone", "phone number", "phone_number", "TELEPHONE", "to_number", "Phone #", "Tel."),
        *(
            "telephone number",
            "mobile",
            "mobile-number",
            "Mobile phone",
            "cell",
            "cell phone",
            "cell number 1",
        ),
    ],
)
def test_the_column_of_numbers_has_one_of_these_names(name: str) -> None:
    """Wherever it stands, in whatever case."""
    assert read(f"name,{name}\nAna,{ONE}") == [ListedNumber(ONE, "")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"name,telefon\nAna,{ONE}", 'No column is called "number"'),
        (f"Customers\n{ONE}", 'No column is called "number"'),
        (f"number,phone\n4711,{ONE}", 'could be in "number" or "phone"'),
        (f'number,"why\n{ONE},x', 'No column is called "number"'),
        (f"{'title' * 2}\n" * 10 + f"number\n{ONE}", 'No column is called "number"'),
        (f"Phone 1;Phone 2\n{ONE};{OTHER}", 'could be in "Phone 1" or "Phone 2"'),
        (f"Mobile,Telephone Number\n{ONE},{OTHER}", 'could be in "Mobile" or "Telephone Number"'),
        (f"6176451984,{ONE},they rang\n", "Two cells of a line could be the number"),
        (f"{ONE},a\nwhy,number\nb,{OTHER}", "Line 2 names the columns below a number"),
        (f"Export\n{HASH},a\nwhy,number\nb,{OTHER}", "Line 3 names the columns below a number"),
        ("4711,617 645 1984\nwhy,number\n", "Line 2 names the columns below a number"),
    ],
)
def test_a_file_whose_column_of_numbers_is_not_sure_is_refused(text: str, says: str) -> None:
    """Account ids can look like numbers, so nothing of it is read, with or without a country."""
    for country in (None, "US"):
        with pytest.raises(Refused, match=re.escape(says)):
            list(read_list(io.StringIO(text), country))


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (f"Customers\nAccount;Phone;Why\n6176451986;{ONE};asked", [(ONE, "asked")]),
        (f"Customers; active\n2026-11-27\n\naccount,phone,why\n6176451986,{ONE},asked", [(ONE, "asked")]),
        (f"account,phone,why\n6176451986,{ONE},asked; twice", [(ONE, "asked; twice")]),
        (f"account,phone 2026\n6176451986,{ONE}", [(ONE, "")]),
        ("title\n" * 9 + f"account,phone\n6176451986,{ONE}", [(ONE, "")]),
        (f"account;phone;name, given, last\n6176451986;{ONE};x, y", [(ONE, "")]),
        (f"account,phone,why; or note\n6176451986,{ONE},x", [(ONE, "")]),
        (f"{ONE},asked; twice\n{OTHER},phone", [(ONE, "asked; twice"), (OTHER, "phone")]),
        (f"{ONE},phone\n{OTHER},number", [(ONE, "phone"), (OTHER, "number")]),
        (f"{ONE};asked, twice\n{OTHER};x", [(ONE, "asked, twice"), (OTHER, "x")]),
        (f"{ONE}\n{OTHER};asked, twice", [(ONE, ""), (OTHER, "asked, twice")]),
        (f"number,why\n{ONE},'=1+1\n{OTHER},'tis theirs", [(ONE, "=1+1"), (OTHER, "'tis theirs")]),
    ],
)
def test_account_ids_are_no_numbers(text: str, listed: list[tuple[str, str]]) -> None:
    """A title above the names, and a semicolon in a reason, do not make another column the first."""
    assert read(text, "US") == [ListedNumber(number, why) for number, why in listed]


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        ("030 90182;x, y", "+493090182", "x, y"),
        ("030 90182,x; y", None, ""),
        ("030 90182,x", "+493090182", "x"),
        ("030 90182 Xa", None, ""),
    ],
)
def test_where_no_number_is_long_a_semicolon_or_tab_goes_before_a_comma(
    text: str, number: str | None, why: str
) -> None:
    """As ever: what is separated by semicolons often has commas in its reasons."""
    (found,) = read(text, "DE")
    assert found == ListedNumber(number, why) if number else isinstance(found, BadLine)


def test_it_is_said_which_column_has_the_numbers() -> None:
    """By its place and its name, and what is left out above it."""
    assert layout_of(f"a,Phone\nx,{ONE}").sentence == (
        'The numbers are taken from column 2, which is called "Phone".'
    )
    assert layout_of(f"Customers\nphone\n{ONE}").sentence.endswith("What is above that line is left out.")
    assert layout_of(ONE).sentence == ("No line names the columns, so the numbers are taken from the first.")
    assert layout_of("\n").number == 0


def test_a_line_that_is_too_short_has_no_number() -> None:
    """Where the column of the numbers is missing, there is none to read."""
    (bad,) = read("why,number\nno number here")
    assert isinstance(bad, BadLine) and bad.reason == "Type the phone number to call."


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("4930901820.0", "spreadsheet changed this number: format its column as text"),
        ("+4930901820.0", "spreadsheet changed"),
        ('"4930901820,0"', "spreadsheet changed"),
        ("4.93E+09", "spreadsheet changed"),
        ('"4,930,901,820"', "spreadsheet changed"),
        ("'+4930901820", "from a spreadsheet"),
        ('="+4930901820"', "from a spreadsheet"),
    ],
)
@pytest.mark.parametrize("country", ["DE", None])
def test_what_a_spreadsheet_made_of_a_number_is_named(cell: str, reason: str, country: str | None) -> None:
    """It would be read as another number, or would not be found by the one that it was."""
    good, bad = read(f"{ONE},x\n{cell},x", country)
    assert good == ListedNumber(ONE, "x") and isinstance(bad, BadLine)
    assert bad.line == 2 and reason in bad.reason


def test_a_lost_plus_is_no_number_of_the_list() -> None:
    """Neither without a country nor with the one whose code it begins with; the readings are masked."""
    (unknown,), (doubtful,) = read("4915112345678"), read("4915112345678", "DE")
    assert isinstance(unknown, BadLine) and "Begin the number with +" in unknown.reason
    assert isinstance(doubtful, BadLine) and "5112345678" not in doubtful.reason.replace(" ", "")
    assert "+49 491 ••••••••78 or +49 151• •••••78" in doubtful.reason and "with its +" in doubtful.reason
