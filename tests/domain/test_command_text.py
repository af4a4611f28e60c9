"""What is typed behind /call opens a prefilled form, shows help, or is refused in one sentence."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import command_text
from bot.domain.command_text import (
    MAX_COMMAND_TEXT,
    FreezeDialing,
    Help,
    OpenForm,
    Stop,
    UnfreezeDialing,
    Unstop,
    WhichNumber,
    parse_command_text,
)
from bot.domain.errors import Refused

unhurried = settings(deadline=None)  # a busy machine is no failure


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_opens_an_empty_form(text: str) -> None:
    """/call alone opens the form with nothing in it."""
    assert parse_command_text(text) == OpenForm("", {})


@pytest.mark.parametrize("text", ["help", " HELP ", "?", "-h", "--help"])
def test_help(text: str) -> None:
    """The usual words for help show it."""
    assert parse_command_text(text) == Help()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+16176451984", "+16176451984"),
        ("  +1 (617) 645-1984 ", "+1 (617) 645-1984"),
        ("617.645.1984", "617.645.1984"),
        ("tel:+16176451984", "tel:+16176451984"),
        ("<tel:+16176451984|+1 617 645 1984>", "+16176451984"),
        ("<tel:+16176451984>", "+16176451984"),
        ("+1 617 645 1984 x99", "+1 617 645 1984 x99"),
        ("6176451984;ext=99", "6176451984;ext=99"),
        ("1-800-FLOWERS", "1-800-FLOWERS"),
        ("911", "911"),
    ],
)
def test_a_number_is_passed_to_the_form(text: str, number: str) -> None:
    """Anything that could be a number is prefilled unchecked; the form says what is wrong with it."""
    assert parse_command_text(text) == OpenForm(number, {})


@pytest.mark.parametrize(
    ("text", "metadata"),
    [
        ("name=Ana", {"name": "Ana"}),
        ("name=Ana  day=Monday\nhour=9", {"name": "Ana", "day": "Monday", "hour": "9"}),
        ('name="Ana Lee"', {"name": "Ana Lee"}),
        ("name='Ana Lee'", {"name": "Ana Lee"}),
        ("name=“Ana Lee” day=‘next Monday’", {"name": "Ana Lee", "day": "next Monday"}),
        ("name=„Ana Lee“", {"name": "Ana Lee"}),
        ("name=«Ana Lee» day=‹next Monday›", {"name": "Ana Lee", "day": "next Monday"}),
        ("name=« Ana\u00a0Lee\u00a0» day=Monday", {"name": "Ana\u00a0Lee", "day": "Monday"}),
        ("name=»Ana Lee« day=›next Monday‹", {"name": "Ana Lee", "day": "next Monday"}),
        ("name=O'Brien", {"name": "O'Brien"}),
        ("note='it's fine' day=Monday", {"note": "it's fine", "day": "Monday"}),
        ("formula=a=b=c", {"formula": "a=b=c"}),
        ('empty= other="" last=', {"empty": "", "other": "", "last": ""}),
        ("note=R&amp;D less=&lt;1&gt; kept=&amp;lt;", {"note": "R&D", "less": "<1>", "kept": "&lt;"}),
        ("mail=<mailto:ana@example.com|ana@example.com>", {"mail": "ana@example.com"}),
        ("page=<https://example.com/a?b=1&amp;c=2>", {"page": "https://example.com/a?b=1&c=2"}),
        ("page=<http://example.com|example.com>", {"page": "example.com"}),
        ("back=<tel:+442079460958|+44 20 7946 0958>", {"back": "+442079460958"}),
    ],
)
def test_pairs_are_read(text: str, metadata: dict[str, str]) -> None:
    """Pairs with or without a number before them, in straight or curly quotes, without Slack's markup."""
    assert parse_command_text(text) == OpenForm("", metadata)
    assert parse_command_text(f"+1 (617) 645-1984 {text}") == OpenForm("+1 (617) 645-1984", metadata)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("stop +16176451984", Stop("+16176451984")),
        ("STOP  +1 (617) 645-1984  they rang\nus", Stop("+1 (617) 645-1984", "they rang us")),
        ("stop <tel:+16176451984|+1 617 645 1984>", Stop("+16176451984")),
        ("stop 911 is no number", Stop("911", "is no number")),
        ("stop +1 617 645 1984 3 times they said no", Stop("+1 617 645 1984", "3 times they said no")),
        ("stop +1 617 645 1984 2026-11-27 by letter", Stop("+1 617 645 1984", "2026-11-27 by letter")),
        ("stop +1 617 645 1984, 3 times", Stop("+1 617 645 1984", "3 times")),
        ("stop +1 617 645 1984; they rang", Stop("+1 617 645 1984", "they rang")),
        ("stop +1 617 645 1984 3x they rang", Stop("+1 617 645 1984", "3x they rang")),
        ("stop +1 617 645 1984 x99 they rang", Stop("+1 617 645 1984", "x99 they rang")),
        ("stop +1 617 645 1984 - they rang", Stop("+1 617 645 1984 -", "they rang")),
        ("stop +49 30 901820: 3 times", Stop("+49 30 901820", "3 times")),
        ("stop +4930901820: 3 times", Stop("+4930901820", "3 times")),
        ("stop +49 30 901820; 3 times", Stop("+49 30 901820", "3 times")),
        ("stop +49309018203: times", Stop("+49309018203", "times")),
        ("stop +49 30, 901820 3 times", Stop("+49 30, 901820 3", "times")),  # is told that it is none
        ("stop +49 30 90 18 20", Stop("+49 30 90 18 20")),
        ("stop +49 30 901820 they rang", Stop("+49 30 901820", "they rang")),
        ("stop +1 617 645 198 3 times", Stop("+1 617 645 198 3", "times")),
        ("stop 617 645 1984 3 times", Stop("617 645 1984 3", "times")),
        ("stop +1 621 645 1984 3 times", Stop("+1 621 645 1984", "3 times")),
        ("unstop +1 617 645 1984 3 times wrong", Unstop("+1 617 645 1984", "3 times wrong")),
        ("unstop +1 617 045 1984 no more in use", Unstop("+1 617 045 1984", "no more in use")),
        ("unstop +16176451984", Unstop("+16176451984")),
        (
            "unstop +16176451984 A &lt;mistake&gt; \u202ewas made",
            Unstop("+16176451984", "A <mistake> was made"),
        ),
        ("freeze wrong agent", FreezeDialing("wrong agent")),
        ("freeze " + "x" * 300, FreezeDialing("x" * 300)),
        ("unstop +1 617 645 1984 agree 3", Unstop("+1 617 645 1984", agrees=3)),
        ("unstop +16176451984 Agree 12 ", Unstop("+16176451984", agrees=12)),
        ("stop 1 " + "x" * 300, Stop("1", "x" * 300)),
        ("stop +16176451984X please", Stop("+16176451984X", "please")),  # is told that it is none
        ("unstop +16176451984 agree 3 or so", Unstop("+16176451984", "agree 3 or so")),
        ("unstop +16176451984 we agree 3", Unstop("+16176451984", "we agree 3")),
        ("unstop +16176451984 agree " + "1" * 10, Unstop("+16176451984", "agree " + "1" * 10)),
        ("unfreeze", UnfreezeDialing()),
        (" Unfreeze  17 ", UnfreezeDialing(17)),
    ],
)
def test_orders(text: str, order: Stop | Unstop | FreezeDialing | UnfreezeDialing) -> None:
    """A word and what stands behind it; a reason is one line without anything invisible."""
    assert parse_command_text(text) == order


def test_what_is_as_long_as_may_be_is_read() -> None:
    """A number of forty characters is the form's to judge, and three thousand fill its field."""
    assert parse_command_text("1" * 40) == OpenForm("1" * 40)
    value = "x" * (MAX_COMMAND_TEXT - 2)
    assert parse_command_text(f"a={value}") == OpenForm("", {"a": value})


@pytest.mark.parametrize("word", ["stop", "unstop", "freeze", "unfreeze", "help"])
def test_an_order_can_still_be_a_key_of_metadata(word: str) -> None:
    """Only the word alone is one."""
    assert parse_command_text(f"{word}=now") == OpenForm("", {word: "now"})


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("stop", "/call stop +1 617 645 1984"),
        ("stop them", "/call stop +1 617 645 1984"),
        ("unstop", "/call unstop +1 617 645 1984"),
        ("stop " + "1" * 41, "longer than 40 characters"),
        ("stop 1 " + "x" * 301, "300 characters"),
        ("freeze", "/call freeze <why>"),
        ("freeze \u200b", "/call freeze <why>"),
        ("freeze " + "x" * 301, "300 characters"),
        ("stop +16176451984 +16176451985 both asked", "two numbers"),
        ("stop +1 617 645 1984, +1 617 645 1985 both asked", "two numbers"),
        ("stop +1 617 645 1984 617 645 1985 both asked", "two numbers"),
        ("stop +49 30 90 18 20 +49 30 901821 both asked", "two numbers"),
        ("stop +1 617 645 1984 123456789 asked", "two numbers"),
        ("stop +16176451984 +49 asked", "two numbers"),
        ("stop +43 1 5158 80012345 1 asked", "two numbers"),
        ("stop " + "1 " * 20 + "1", "longer than 40 characters"),
        ("unfreeze now", "/call unfreeze 3"),
        ("unfreeze 1 2", "/call unfreeze 3"),
        ("unfreeze ٣", "/call unfreeze 3"),
        ("unfreeze " + "1" * 10, "/call unfreeze 3"),
        ("tomorrow", '"tomorrow" cannot be read'),
        ("help me", '"help" cannot be read'),
        ("+16176451984 please", '"please" cannot be read'),
        ("+16176451984 name=Ana Lee", '"Lee" cannot be read'),
        ("name=Ana +16176451984", '"+16176451984" cannot be read'),
        ("=value", '"=value" cannot be read'),
        ("ключ=value", '"ключ=value" cannot be read'),
        ("<@UABC|ana>", '"@UABC|ana" cannot be read'),
        ('note="she said "yes" to it"', '"to" cannot be read'),
        ('+16176451984 name="Ana Lee', 'The quote after "name="'),
        ("name=“Ana Lee day=Monday", 'The quote after "name="'),
        ("name=«Ana Lee day=Monday", 'The quote after "name="'),
        ("\u200ename=Ana", 'The key "name" cannot be read. The invisible character U+200E is before it'),
        ("+16176451984 \ufeffname1=Ana", 'The key "name1" cannot be read. The invisible character U+FEFF'),
        ('name="Ana"Lee', 'The quote after "name="'),
        ('name="Ana\nLee"', 'The quote after "name="'),
        ("name=Ana name=Bob", '"name" is there twice'),
        ("name=Ana NAME=Bob", '"NAME" is there twice'),
        ("1" * 41, "longer than 40 characters"),
        ("x" * (MAX_COMMAND_TEXT + 1), "more than 3000 characters"),
    ],
)
def test_what_cannot_be_read(text: str, part: str) -> None:
    """Text that is neither a number nor pairs is refused, naming the word at fault."""
    with pytest.raises(Refused) as caught:
        parse_command_text(text)
    assert part in caught.value.sentence


@pytest.mark.parametrize("mark", ["<tel:", "<tel:|", "<mailto:", "<mailto:|", "<https://", "<https://|"])
def test_the_marks_of_slack_are_read_in_one_go(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many begin and do not end: twice as long a text takes twice as long, not four times."""
    monkeypatch.setattr(command_text, "MAX_COMMAND_TEXT", 1_000_000)
    began = time.process_time()
    with pytest.raises(Refused):
        parse_command_text(mark * (100_000 // len(mark)))
    assert time.process_time() - began < 1


ANY_WORDS = st.builds(
    lambda word, text: word + text,
    st.sampled_from(["", "stop ", "unstop ", "freeze ", "unfreeze"]),
    st.text(max_size=300),
)


@unhurried
@given(ANY_WORDS | st.text("ab= \n\"'“”‘’<>|:+1telmailto&;", max_size=300))
def test_any_text_is_a_command_or_refused(text: str) -> None:
    """Arbitrary text is read or refused with one short printable sentence, and no other error."""
    try:
        command = parse_command_text(text)
    except Refused as error:
        assert error.sentence.isprintable()
        assert len(error.sentence) < 200
    else:
        assert isinstance(command, OpenForm | Help | Stop | Unstop | FreezeDialing | UnfreezeDialing)


VALUES = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters='"“”„«»<>&'), max_size=20
)


@unhurried
@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_-]{0,9}", fullmatch=True), VALUES, max_size=5))
def test_quoted_values_come_back_as_they_were(metadata: dict[str, str]) -> None:
    """Whatever stands in quotes is the value, to the character."""
    pairs = " ".join(f'{key}="{value}"' for key, value in metadata.items())
    assert parse_command_text(f"+1 617 645 1984 {pairs}") == OpenForm("+1 617 645 1984", metadata)


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        (
            "stop +49 30 901820 3 times they asked us to stop",
            [
                "stop +4930901820: 3 times they asked us to stop",
                "stop +49309018203: times they asked us to stop",
            ],
        ),
        ("unstop +4930901820 3 times", ["unstop +4930901820: 3 times", "unstop +49309018203: times"]),
        ("stop +49309018 20 they asked", ["stop +49309018: 20 they asked", "stop +4930901820: they asked"]),
        ("stop +49 30 901820 3, then no", ["stop +4930901820: 3, then no", "stop +49309018203: then no"]),
        ("stop +43 1 51 58 80 asked", ["stop +4315158: 80 asked", "stop +431515880: asked"]),
        (
            "stop +43 1 5158 80012345 asked",
            ["stop +4315158: 80012345 asked", "stop +431515880012345: asked"],
        ),
    ],
)
def test_where_a_number_may_end_at_two_words_the_person_is_asked(text: str, commands: list[str]) -> None:
    """The command comes back with each reading, and each of them is read as just that."""
    with pytest.raises(WhichNumber) as asked:
        parse_command_text(text)
    assert "colon" in asked.value.sentence
    assert asked.value.commands == [f"/call {command}" for command in commands]
    for command in commands:
        read = parse_command_text(command)
        assert isinstance(read, Stop | Unstop)
        assert command.partition(" ")[2] == f"{read.number}: {read.why}"


def test_before_pairs_all_words_are_the_number() -> None:
    """Nothing else may stand there, so it is as long as what was typed; the form shows it."""
    assert parse_command_text("+49 30 901820 3 name=Ana") == OpenForm("+49 30 901820 3", {"name": "Ana"})
    with pytest.raises(Refused, match='"times" cannot be read'):
        parse_command_text("+49 30 901820 3 times name=Ana")


@unhurried
@given(
    st.lists(st.sampled_from(["+49", "30", "90", "18", "20", "901820", "3", "-", "+1", "1984,"]), max_size=12)
)
def test_a_number_with_a_reason_is_read_as_one_or_asked_about(words: list[str]) -> None:
    """However it is grouped: what is read is the only number that is complete there."""
    try:
        read = parse_command_text(" ".join(["stop +49", *words, "because"]))
    except WhichNumber as asked:
        assert len({command.partition(":")[0] for command in asked.commands}) == len(asked.commands) > 1
    except Refused:
        pass
    else:
        assert isinstance(read, Stop) and read.why.endswith("because")
