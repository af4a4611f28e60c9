"""Metadata becomes SIP headers: what is read, what is refused, and how large it may be."""

import base64
import json
import math
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.errors import InvalidFields
from bot.domain.metadata import (
    MAX_KEY_LENGTH,
    MAX_METADATA_FILE,
    METADATA_FILE_FIELD,
    REQUEST_ID_KEY,
    REQUEST_ID_LENGTH,
    check_metadata,
    excerpt,
    is_metadata_key,
    merge_metadata,
    metadata_base64_size,
    parse_metadata_json,
    parse_metadata_lines,
)
from bot.domain.visible import is_hidden
from bot.polyai.contract import CONTRACT

unhurried = settings(deadline=None)  # a busy machine is no failure

KEYS = st.from_regex(r"z[A-Za-z0-9._\-]{1,20}", fullmatch=True)
VISIBLE = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]).filter(lambda c: not is_hidden(c))
VALUES = st.text(VISIBLE, max_size=30)
UNQUOTED = VALUES.filter(lambda value: not set(value) & set('"“”„«»‘’‚‹›'))
METADATA = st.dictionaries(KEYS, UNQUOTED, max_size=5).filter(lambda m: len({k.lower() for k in m}) == len(m))


def refusal(metadata: dict[str, str]) -> str:
    """The sentence with which metadata is refused; empty if it is not."""
    try:
        check_metadata(metadata, "metadata", CONTRACT.max_metadata)
    except InvalidFields as error:
        return error.errors["metadata"]
    return ""


def assert_showable(error: InvalidFields, field: str) -> None:
    """One short printable sentence, at the field."""
    ((name, sentence),) = error.errors.items()
    assert name == field
    assert sentence.isprintable()
    assert len(sentence) < 200


@pytest.mark.parametrize(
    ("text", "metadata"),
    [
        ("", {}),
        ("\n  \n\t\n", {}),
        ("name=Ana", {"name": "Ana"}),
        ("  name \t=  Ana Lee  ", {"name": "Ana Lee"}),
        ("a=b=c", {"a": "b=c"}),
        ("empty=", {"empty": ""}),
        ("a1=1\r\nb1=2\rc1=3\n", {"a1": "1", "b1": "2", "c1": "3"}),
        ("name=Ana\u2028Lee", {"name": "Ana\u2028Lee"}),
        ("name=Ana\x0bLee", {"name": "Ana\x0bLee"}),
    ],
)
def test_lines_are_read(text: str, metadata: dict[str, str]) -> None:
    """One pair per line; blank lines and outer spaces do not count, only real line ends end a line."""
    assert parse_metadata_lines(text) == metadata


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("name", "Line 1"),
        ("a1=b\n\nno pair here", "Line 3"),
        ("=value", "Line 1"),
        ("  = ", "Line 1"),
        ("a1=1\nb1=2\na1=3", "Line 3"),
        ("a1=1\nA1=2", "Line 2"),
    ],
)
def test_a_wrong_line_is_named(text: str, part: str) -> None:
    """A line that is no pair, or repeats a key in whatever case, is refused by its number."""
    with pytest.raises(InvalidFields) as caught:
        parse_metadata_lines(text)
    assert part in caught.value.errors["metadata"]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ('"Ana', "the quote before the value is not closed"),
        ('"', "the quote before the value is not closed"),
        *((value, "leave out the quotes") for value in ("“Ana”", "„Ana“", "«Ana»", "« Ana »", "‘Ana’")),
        *((value, "leave out the quotes") for value in ("“Ana", "Ana”", "”Ana", "‹Ana›", "“Ana” Lee", "“")),
    ],
)
def test_quotes_around_a_value_are_refused_in_lines(value: str, says: str) -> None:
    """Telephones write them by themselves, and the voice agent would be told them as part of the value."""
    with pytest.raises(InvalidFields, match=f"^Line 2: {says}"):
        parse_metadata_lines(f"day=Monday\nname={value}")


@pytest.mark.parametrize(
    "value", ["O’Brien", "it’s", "the dogs’", "she said “yes”", '5"', '"a" and "b"', '["a", "b"]', "{x}"]
)
def test_quotes_within_a_value_are_its_own(value: str) -> None:
    """An apostrophe, an inch and what somebody said stay as they were typed."""
    assert parse_metadata_lines(f"note={value}") == {"note": value}


@pytest.mark.parametrize("text", ['{"name": "Ana"}', ' \n{\n "name": "Ana"\n}', "[]", "{"])
def test_json_is_sent_to_the_field_for_it(text: str) -> None:
    """The sentence names the field by its label and says where it is."""
    with pytest.raises(InvalidFields) as caught:
        parse_metadata_lines(text)
    sentence = caught.value.errors["metadata"]
    assert (
        "JSON" in sentence
        and f'press More options and upload it as a file at "{METADATA_FILE_FIELD}"' in sentence
    )


@pytest.mark.parametrize(
    ("key", "mark"), [("\ufeffname", "U+FEFF"), ("na\u200dme", "U+200D"), ("name\x7f", "U+007F")]
)
def test_what_is_hidden_in_a_key_is_named(key: str, mark: str) -> None:
    """The key looks right, so only its name says what is wrong with it."""
    assert refusal({key: "Ana"}) == (
        'The key "name" cannot be the name of a SIP header.'
        f" The invisible character {mark} is before it or in it: type it again."
    )


@pytest.mark.parametrize(
    ("data", "metadata"),
    [
        (b"{}", {}),
        (b'{"name": "Ana"}', {"name": "Ana"}),
        (b'\xef\xbb\xbf{"name": "Ana"}', {"name": "Ana"}),
        ('{"name": "Zoë"}'.encode(), {"name": "Zoë"}),
        (rb'{"name": "Zo\u00eb"}', {"name": "Zoë"}),
        (b'\r\n {\n "first" : "1",\n "second": ""}\n', {"first": "1", "second": ""}),
    ],
)
def test_a_file_is_read(data: bytes, metadata: dict[str, str]) -> None:
    """A UTF-8 JSON object of strings is read, with or without a byte order mark."""
    assert parse_metadata_json(data) == metadata


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "not JSON"),
        (b"name=Ana", "not JSON"),
        (b'{"name": "Ana",}', "not JSON; see its line 1"),
        (b'{"name":\n "Ana"\n', "not JSON; see its line 3"),
        (b'{"name": "A\nna"}', "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b'{"name": "\xe9"}', "not UTF-8"),
        (b"[]", "a list and no object"),
        (b'"text"', "a text and no object"),
        (b"null", "null and no object"),
        (b"NaN", "a number and no object"),
        (b'{"appointment": 12}', '"appointment" is a number'),
        (b'{"appointment": 1.5}', '"appointment" is a number'),
        (b'{"appointment": NaN}', '"appointment" is a number'),
        (b'{"appointment": -Infinity}', '"appointment" is a number'),
        (b'{"appointment": true}', '"appointment" is true or false'),
        (b'{"appointment": null}', '"appointment" is null'),
        (b'{"appointment": []}', '"appointment" is a list'),
        (b'{"appointment": {"at": "12"}}', '"appointment" is an object'),
        (b'{"appointment": {"at": "1", "at": "2"}}', '"appointment" is an object'),
        (b'{"name": "Ana", "name": "Ana"}', '"name" again'),
        (b'{"name": "Ana", "NAME": "Bob"}', '"NAME" again'),
        (b"[" * 100_000, "cannot be read"),
        (b'{"a":' * 40_000, "cannot be read"),
        (b'{"n": ' + b"1" * 10_000 + b"}", "cannot be read"),
        (b" " * (MAX_METADATA_FILE + 1), "larger than 256 KB"),
    ],
)
def test_a_wrong_file_is_refused(data: bytes, part: str) -> None:
    """Whatever is not a flat object of strings is refused, and the key at fault is named with what it is."""
    with pytest.raises(InvalidFields) as caught:
        parse_metadata_json(data)
    assert part in caught.value.errors["metadata_file"]


def test_lines_and_file_are_merged() -> None:
    """Typed and uploaded pairs are sent together, the typed ones first."""
    assert list(merge_metadata({"typed": "1"}, {"in_file": "2"}).items()) == [
        ("typed", "1"),
        ("in_file", "2"),
    ]


@pytest.mark.parametrize("key", ["name", "Name"])
def test_a_key_in_both_is_refused(key: str) -> None:
    """A key that is typed and in the file, in whatever case, is refused instead of one of them winning."""
    with pytest.raises(InvalidFields) as caught:
        merge_metadata({key: "1"}, {"name": "1"})
    assert f'"{key}" is both' in caught.value.errors["metadata"]


@pytest.mark.parametrize(
    "key", ["name", "appointment_id", "X-Patient", "a.b", "42", "%!*+`'~", "z", "x" * MAX_KEY_LENGTH]
)
def test_a_key_may_be_a_header_token(key: str) -> None:
    """Letters, digits and the marks of a SIP token make a key."""
    assert not refusal({key: "value"})


@pytest.mark.parametrize(
    "key", ["a b", "a:b", "a\r\nVia", "naïve", "a/b", "a=b", "(a)", "a,b", 'a"b', "a\x00", "a\n"]
)
def test_a_key_must_be_a_header_token(key: str) -> None:
    """Anything that could end a header name, or start another header, is no key."""
    assert "cannot be the name of a SIP header" in refusal({key: "value"})
    assert not is_metadata_key(key)


@pytest.mark.parametrize("key", ["", "x" * (MAX_KEY_LENGTH + 1)])
def test_a_key_has_a_length(key: str) -> None:
    """A key has at least one and at most 64 characters."""
    assert "1 to 64 characters" in refusal({key: "value"})


@pytest.mark.parametrize(
    "key",
    [
        *("Via", "from", "CALL-ID", "To", "CSeq", "WWW-Authenticate", "P-Asserted-Identity", "i", "V", "x"),
        *("Contact", "Route", "Record-Route", "P-Preferred-Identity", "Diversion", "History-Info", "Privacy"),
        *("Referred-By", "Remote-Party-ID", "Identity", "Reply-To", "P-Called-Party-ID", "Session-ID"),
        *("P-Charging-Vector", "P-Served-User", "P-Associated-URI", "Target-Dialog", "Resource-Priority"),
        *("User-to-User", "Identity-Info", "Geolocation", "Accept-Contact", "P-Charge-Info"),
    ],
)
def test_sips_own_headers_are_reserved(key: str) -> None:
    """A key cannot take the place of a header that routes the call or says who is calling."""
    assert "meaning of its own" in refusal({key: "value"})


@pytest.mark.parametrize(
    "key", [REQUEST_ID_KEY, "Callgate_Anything", "callgate_", "X-Callgate", "x-callgate-id"]
)
def test_our_own_keys_are_reserved(key: str) -> None:
    """Nobody can forge the entry by which a conversation is traced to its request."""
    assert "kept for Callgate" in refusal({key: "value"})


def test_keys_are_unique_in_any_case() -> None:
    """Header names have no case, so two keys that differ only by it are one."""
    assert "there twice" in refusal({"name": "1", "NAME": "2"})


@pytest.mark.parametrize(
    "value", ["", "Ana Lee", "naïve", "李雷", "👩‍⚕️", "a=b; c, <d>", "نام‌خانوادگی", " padded "]
)
def test_values_are_any_visible_text(value: str) -> None:
    """A value may be empty, in any script, and may hold joiners that scripts and emoji need."""
    assert not refusal({"name": value})


@pytest.mark.parametrize(
    "character",
    [
        *"\r\n\0\t\x0b\x7f\x85\u2028\u2029",
        *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        *"\u00ad\u200b\u2060\ufeff\U000e0041\u3164\u2800",
        *"\ud800\udfff",
    ],
)
def test_a_value_cannot_forge_or_hide(character: str) -> None:
    """Control characters, separators of lines, what is invisible and broken surrogates are refused."""
    for value in (character, f"a{character}b", f"{character}b", f"a{character}"):
        assert 'The value of "name"' in refusal({"name": value})


def test_a_value_is_a_text() -> None:
    """A value that is no string, from whatever source, is refused and not sent."""
    assert "is a number" in refusal({"name": 1})  # type: ignore[dict-item]


def test_the_size_is_that_of_the_largest_usual_form() -> None:
    """The measure is the base64 of Python's default JSON, which no other usual form exceeds."""
    metadata = {"name": "Zoë 李", "other": ""}
    forms = [
        json.dumps(metadata),
        json.dumps(metadata, ensure_ascii=False),
        json.dumps(metadata, separators=(",", ":")),
    ]
    sizes = [len(base64.b64encode(form.encode())) for form in forms]
    assert metadata_base64_size(metadata) == sizes[0] == max(sizes)


def filled_up_to(base64_size: int) -> dict[str, str]:
    """Metadata that is this large, or less than a base64 group below, once our own entry is with it."""
    ours = {REQUEST_ID_KEY: "0" * REQUEST_ID_LENGTH}
    rest = base64_size // 4 * 3 - len(json.dumps({"notes": "", **ours}))
    return {"notes": "x" * rest}


def test_the_limit_leaves_room_for_our_own_entry() -> None:
    """With our own entry the base64 form is strictly less than 26 KB, and one byte more is refused."""
    most = filled_up_to(CONTRACT.max_metadata - 1)
    sent = {**most, REQUEST_ID_KEY: "0" * REQUEST_ID_LENGTH}
    assert metadata_base64_size(sent) == CONTRACT.max_metadata - 4
    assert not refusal(most)
    assert refusal({"notes": most["notes"] + "x"})


def test_too_much_says_by_how_much() -> None:
    """The sentence gives the number of characters to cut, and cutting them is enough."""
    notes = filled_up_to(CONTRACT.max_metadata - 1)["notes"] + "x" * 1000
    sentence = refusal({"notes": notes})
    over = int(sentence.split("about ")[1].split(" ")[0].replace(",", ""))
    assert 1000 <= over <= 1003
    assert not refusal({"notes": notes[:-over]})
    assert math.isclose(over, 1000, rel_tol=0.01)


def test_an_error_is_told_at_the_field_it_is_asked_for() -> None:
    """The caller decides at which field a problem shows."""
    with pytest.raises(InvalidFields) as caught:
        check_metadata({"via": "x"}, "metadata_file", CONTRACT.max_metadata)
    assert list(caught.value.errors) == ["metadata_file"]


def test_an_excerpt_is_short_and_harmless() -> None:
    """What is echoed has no markup, nothing invisible, and an end."""
    assert excerpt("name") == "name"
    assert excerpt("<!channel>\u202e\r\n\x00") == "!channel"
    assert excerpt("x" * 10_000) == "x" * 30 + "…"


@unhurried
@given(METADATA)
def test_metadata_survives_lines_and_files(metadata: dict[str, str]) -> None:
    """What is accepted reads back the same from lines (but for outer spaces) and from a file."""
    check_metadata(metadata, "metadata", CONTRACT.max_metadata)
    lines = "\n".join(f"{key}={value}" for key, value in metadata.items())
    assert parse_metadata_lines(lines) == {key: value.strip(" ") for key, value in metadata.items()}
    assert parse_metadata_json(json.dumps(metadata).encode()) == metadata
    assert parse_metadata_json(json.dumps(metadata, ensure_ascii=False).encode()) == metadata


@unhurried
@given(st.text(max_size=200))
@example("a=1\nа=2")
def test_any_lines_are_read_or_refused(text: str) -> None:
    """Arbitrary text gives pairs or one showable sentence, and no other error."""
    try:
        parse_metadata_lines(text)
    except InvalidFields as error:
        assert_showable(error, "metadata")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@unhurried
@given(st.binary(max_size=200) | JSON.map(lambda document: json.dumps(document).encode()))
@example(b'{"\\ud800": "x", "\\u202e": 1}')
def test_any_file_is_read_or_refused(data: bytes) -> None:
    """Arbitrary bytes and arbitrary JSON give strings or one showable sentence, and no other error."""
    try:
        metadata = parse_metadata_json(data)
    except InvalidFields as error:
        assert_showable(error, "metadata_file")
    else:
        assert all(isinstance(value, str) for value in metadata.values())


@unhurried
@given(st.dictionaries(KEYS | st.text(max_size=10), st.text(st.characters(), max_size=20), max_size=4))
def test_what_is_accepted_cannot_forge_a_header(metadata: dict[str, str]) -> None:
    """Accepted metadata has token keys and no control character in any value; all else is one sentence."""
    try:
        check_metadata(metadata, "metadata", CONTRACT.max_metadata)
    except InvalidFields as error:
        assert_showable(error, "metadata")
    else:
        assert all(is_metadata_key(key) and key.isascii() for key in metadata)
        assert not any(
            unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} for v in metadata.values() for c in v
        )
        assert metadata_base64_size(metadata) < CONTRACT.max_metadata
