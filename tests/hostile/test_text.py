"""Whatever is typed: taken as it is and shown as it is, or refused at its field. Nothing hides or forges."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ask import Purpose
from bot.domain.ask_form import read_ask
from bot.domain.errors import InvalidFields
from bot.domain.visible import is_hidden, shown
from bot.polyai.contract import CONTRACT
from bot.slack.show.card import card
from bot.slack.show.review import review
from tests.acceptance.test_privacy import mrkdwn_of
from tests.hostile.effort import effort
from tests.support.form import every_field
from tests.support.requests import a_request
from tests.support.world import FORM, World

HOSTILE = st.sampled_from(
    [
        *("<!channel>", "<@U0BOB>", "<https://evil.example|bank>", "*bold*", "`code`", "@here", "&lt;"),
        *("\u202e4891", "\u2066", "\u200b", "\u3164", "\x00", "\r\nVia: forged", "\u2028", "\ud800"),
        *("👩‍⚕️", "نام‌خانوادگی", "٦١٧", "６１７", "=", "key=value", "\n", '"', "{", "To: x", "x" * 400),
    ]
)
TEXT = st.lists(HOSTILE | st.text(max_size=8), max_size=5).map("".join)
FORMS = st.fixed_dictionaries(
    {
        "to_number": st.just(FORM["to_number"]) | TEXT,
        "purpose": st.sampled_from([*Purpose]) | TEXT,
        "why": TEXT,
        "metadata": TEXT | TEXT.map(lambda value: f"some_key={value}"),
        "encryption": st.sampled_from(CONTRACT.encryptions) | TEXT,
    },
    optional={"country": TEXT, "consent_kind": TEXT, "consent_reference": TEXT, "zone_known_by": TEXT},
)
FILES = st.none() | TEXT.map(lambda value: json.dumps({"in_file": value}).encode())


@effort(300)
@given(form=FORMS, file=FILES)
def test_any_form_is_an_ask_or_refused_at_its_fields(form: dict[str, str], file: bytes | None) -> None:
    """Each sentence is at a field of the form, in plain words; what is accepted can be seen in full."""
    try:
        ask = read_ask(form, CONTRACT, file)
    except InvalidFields as error:
        assert error.errors and set(error.errors) <= every_field()
        assert not any(is_hidden(said) or "<" in said or len(said) > 300 for said in error.errors.values())
    else:
        assert ask.to_number == FORM["to_number"]
        assert not any(map(is_hidden, [ask.why, *ask.metadata, *ask.metadata.values()]))


@effort(200)
@given(why=TEXT.filter(lambda text: not is_hidden(text)), key=st.just("some_key"), value=TEXT, reason=TEXT)
def test_what_is_typed_stands_in_no_text_that_slack_parses(
    why: str, key: str, value: str, reason: str
) -> None:
    """On the card and in the review it is plain or rich text; the notification has it escaped."""
    request = a_request(why=why, metadata={key: value}, end_reason=reason)
    message = card(request)
    bare = mrkdwn_of(card(a_request(id=request.id, form_id=request.form_id)).blocks)
    assert mrkdwn_of(message.blocks) == bare and not mrkdwn_of(review(request)["blocks"])
    words = message.text.replace(f"<@{request.requester}>", "")
    assert "<" not in words and ">" not in words


@given(text=st.text())
def test_foreign_text_is_shown_without_what_hides(text: str) -> None:
    """One line, nothing invisible, and everything else as it came."""
    line = shown(text)
    assert not is_hidden(line) and "\n" not in line
    assert [c for c in line if c != " "] == [c for c in text if not is_hidden(c) and not c.isspace()]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("to_number", "+١٦١٧٦٤٥١٩٨٤", "ordinary digits"),
        ("to_number", "+１６１７６４５１９８４", "ordinary digits"),
        ("to_number", "+1617645\u202e4891", "invisible"),
        ("why", "Reminder \u202edecnuob", "invisible"),
        ("why", "\u3164", "invisible"),
        ("metadata", "some_key=a\u200bb", "invisible"),
        ("metadata", "Via=SIP/2.0/UDP evil", "SIP header"),
    ],
)
async def test_text_that_is_not_what_it_looks_like_is_refused_at_its_field(
    world: World, field: str, typed: str, words: str
) -> None:
    """In the form itself, in a sentence, with everything that was typed still there."""
    await world.start()
    await world.alice.type("/call", world.channel)
    (form,) = await world.until(lambda: world.alice.modals)
    await world.unfold(world.alice, FORM)
    await world.alice.submit(values={**FORM, field: typed})
    assert words in form.errors[field] and form.state[field][field]["value"] == typed


async def test_a_reason_that_hides_something_is_refused_in_the_form(world: World) -> None:
    """A denial's reason is text like any other; line breaks in it become blanks."""
    await world.start()
    card_shown = await world.ask()
    await world.bob.click(card_shown, "deny")
    (form,) = await world.until(lambda: world.bob.modals)
    await world.bob.submit(values={"reason": "Wrong \u202erebmun"})
    assert "invisible" in form.errors["reason"]
    await world.bob.submit(values={"reason": "Wrong\nnumber"})
    await world.told(card_shown, "Wrong number")
