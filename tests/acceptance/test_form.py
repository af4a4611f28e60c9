"""The call form: every refusal at its field, and nothing lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.slack import faults, payloads
from sandbox.slack.model import View
from tests.support.world import FORM, World

REFUSALS = [
    ({"to_number": "617 645 1984"}, "to_number|country", "country"),
    ({"to_number": "not a number"}, "to_number", ""),
    ({"to_number": "1-800-FLOWERS"}, "to_number", "letters"),
    ({"to_number": "+1 617"}, "to_number", ""),
    ({"to_number": "+16176451984 x99"}, "to_number", "extension"),
    ({"to_number": "+16176451984, +16176451985"}, "to_number", ""),
    ({"to_number": "911"}, "to_number", "emergency"),
    ({"to_number": "+1911"}, "to_number", "emergency"),
    ({"to_number": "+19005551234"}, "to_number", "premium"),
    ({"to_number": "+881612345678"}, "to_number", "satellite"),
    ({"to_number": "+447700900123"}, "to_number", ""),
    ({"metadata": "no equals sign"}, "metadata", "key=value"),
    ({"metadata": "two words=1"}, "metadata", ""),
    ({"metadata": "same_key=1\nSame_Key=2"}, "metadata", ""),
    ({"metadata": "Call-ID=1"}, "metadata", ""),
    ({"metadata": "callgate_request_id=1"}, "metadata", ""),
]


async def form_of(world: World, *fields: str) -> View:
    """Alice's form, unfolded where it does not show these fields at first."""
    await world.start()
    await world.alice.type("/call", world.channel)
    (form,) = await world.until(lambda: world.alice.modals)
    await world.unfold(world.alice, (*FORM, *fields))
    return form


@pytest.mark.parametrize(("values", "field", "words"), REFUSALS)
async def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(
    world: World, values: dict[str, str], field: str, words: str
) -> None:
    """A wrong value is refused at its own field in a sentence, and the form keeps everything."""
    form = await form_of(world)
    await world.alice.submit(values={**FORM, **values})
    assert form.errors and set(form.errors) <= set(field.split("|"))
    assert words in " ".join(form.errors.values()).lower()
    assert form.state["why"]["why"]["value"] == FORM["why"]
    typed = next(iter(values))
    assert form.state[typed][typed]["value"] == values[typed]
    assert not world.rows("SELECT * FROM call_requests") and not world.cards()


async def test_every_wrong_field_is_told_at_once(world: World) -> None:
    """Two mistakes are two errors, not one after the other."""
    form = await form_of(world)
    await world.alice.submit(values={**FORM, "to_number": "911", "metadata": "nonsense"})
    assert set(form.errors) == {"to_number", "metadata"}


async def test_encryption_outside_the_four_is_refused(world: World) -> None:
    """A forged choice of encryption is refused at its field."""
    form = await form_of(world, "encryption")
    world.alice.fill(form, FORM)
    form.state["encryption"]["encryption"]["selected_option"]["value"] = "none"
    await world.alice.submit(force=True)
    assert set(form.errors) == {"encryption"}


@pytest.mark.parametrize("value", ["good\r\nbad: forged", "\u2028", "a\x00b", "\u202eevil"])
async def test_a_metadata_value_with_a_control_character_is_refused(world: World, value: str) -> None:
    """A value that could forge a header, or show as something else, is refused."""
    form = await form_of(world, "metadata_file")
    file = await world.alice.upload("data.json", json.dumps({"note_text": value}).encode())
    await world.alice.submit(values={**FORM, "metadata_file": file})
    assert set(form.errors) <= {"metadata", "metadata_file"} and form.errors


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"appointment": 3}', "appointment"),
        (b'{"nested_one": {"a": "b"}}', "nested_one"),
        (b'["a"]', "object"),
        (b"not json", ""),
        (b"\xff\xfe", ""),
        (b"[" * 30_000, ""),
        (b'{"long_value": "' + b"x" * 70_000 + b'"}', "large"),
    ],
)
async def test_a_file_that_is_no_object_of_strings_is_refused(
    world: World, content: bytes, words: str
) -> None:
    """A wrong JSON file is refused at its field, naming the key where one offends."""
    form = await form_of(world, "metadata_file")
    file = await world.alice.upload("data.json", content)
    await world.alice.submit(values={**FORM, "metadata_file": file})
    assert set(form.errors) == {"metadata_file"}
    assert words in form.errors["metadata_file"]


async def test_metadata_from_the_lines_and_the_file_go_together(world: World) -> None:
    """Lines and file make one metadata; the review shows all of it."""
    await world.start()
    content = json.dumps({f"from_file_{index}": "x" * 300 for index in range(40)}).encode()
    file = await world.alice.upload("data.json", content)
    card = await world.ask(metadata="from_lines=1", metadata_file=file)
    await world.bob.click(card, "approve")
    await world.until(lambda: world.polyai.posts)
    metadata: dict[str, Any] = world.polyai.posts[0].json["metadata"]
    assert metadata["from_lines"] == "1" and metadata["from_file_39"] == "x" * 300


@pytest.mark.parametrize(("length", "fits"), [(19_800, True), (20_000, False)])
async def test_metadata_has_to_be_under_26_kb_as_base64(world: World, length: int, fits: bool) -> None:
    """Metadata just under PolyAI's limit goes through, and just over it is refused at the field."""
    form = await form_of(world, "metadata_file")
    file = await world.alice.upload("data.json", json.dumps({"long_value": "x" * length}).encode())
    await world.alice.submit(values={**FORM, "metadata_file": file})
    assert (not form.errors) is fits
    if not fits:
        assert "26" in form.errors["metadata_file"]


async def test_a_file_that_slack_does_not_hand_over_can_be_sent_again(world: World) -> None:
    """When the download fails the form stays, and the same file goes through the second time."""
    form = await form_of(world, "metadata_file")
    file = await world.alice.upload("data.json", b'{"some_key": "1"}')
    world.slack.faults.add("file", faults.http_error(500))
    await world.alice.submit(values={**FORM, "metadata_file": file})
    assert set(form.errors) == {"metadata_file"}
    await world.alice.submit()
    assert not world.alice.modals


async def test_a_file_that_was_deleted_says_so(world: World) -> None:
    """Somebody deleted the upload before the form was sent: that is what the form says."""
    form = await form_of(world, "metadata_file")
    file = await world.alice.upload("data.json", b'{"some_key": "1"}')
    del world.slack.workspace.files[file.id]
    await world.alice.submit(values={**FORM, "metadata_file": file})
    assert "was deleted in Slack" in form.errors["metadata_file"]


async def test_a_national_number_with_its_country_is_read_as_e164(world: World) -> None:
    """A number in national format goes to PolyAI as E.164, and the review reads it back."""
    form = await form_of(world)
    await world.alice.suggest(form, "country", "ger")
    await world.alice.submit(values={**FORM, "to_number": "030 901820", "country": "DE"})
    card = await world.until(lambda: next(iter(world.cards()), None))
    await world.bob.click(card, "open_review")
    (review,) = await world.until(lambda: world.bob.modals)
    assert "+49 30 901820" in review.plain
    await world.bob.click(card, "approve")
    await world.until(lambda: world.polyai.posts)
    assert world.polyai.posts[0].json["to_number"] == "+4930901820"


async def test_the_same_form_submitted_twice_makes_one_request(world: World) -> None:
    """A submission that arrives twice is one call request."""
    form = await form_of(world)
    await world.alice.submit(values=FORM)
    again = payloads.view_submission(world.slack.workspace, world.alice.user, form)
    assert (await world.alice.send_raw("interactive", again)).ok
    assert len(world.rows("SELECT * FROM call_requests")) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("4915112345678", ("+49 491 5112345678", "+49 1511 2345678", "with its +")),
        ("4930901820.0", ("spreadsheet changed this number", "as text")),
        ("4.93E+09", ("spreadsheet changed this number",)),
    ],
)
async def test_what_would_be_somebody_elses_number_is_refused(
    world: World, typed: str, words: tuple[str, ...]
) -> None:
    """A lost plus and a spreadsheet's decimal make a number that is valid: nothing is stored or called."""
    form = await form_of(world)
    await world.alice.suggest(form, "country", "ger")
    await world.alice.submit(values={**FORM, "to_number": typed, "country": "DE"})
    assert set(form.errors) == {"to_number"} and all(said in form.errors["to_number"] for said in words)
    assert form.state["to_number"]["to_number"]["value"] == typed
    assert not world.rows("SELECT * FROM call_requests")
