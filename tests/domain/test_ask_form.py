"""The call form as a whole: what is left out, what belongs together, and every error at its field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.ask import Ask, Purpose
from bot.domain.ask_form import MAX_LINE, read_ask
from bot.domain.errors import InvalidFields
from bot.domain.policy.consent import NO_CONSENT, ConsentKind
from bot.domain.policy.number_type import NumberType
from bot.polyai.contract import CONTRACT

FORM = {
    "to_number": "(617) 645-1984",
    "country": "US",
    "purpose": "informational",
    "why": "Reminder",
    "metadata": "ab=1",
}


KIND = {"consent_kind": "prior_express"}


def read(metadata_file: bytes | None = None, **changes: str) -> Ask:
    return read_ask({**FORM, **changes}, CONTRACT, metadata_file)


def errors(metadata_file: bytes | None = None, **changes: str) -> dict[str, str]:
    with pytest.raises(InvalidFields) as caught:
        read(metadata_file, **changes)
    return caught.value.errors


def test_a_short_form_is_enough() -> None:
    """Consent, zone and time may be left out."""
    ask = read()
    assert (ask.to_number, ask.number_type) == ("+16176451984", NumberType.FIXED_LINE_OR_MOBILE)
    assert (ask.purpose, ask.why, ask.metadata) == (Purpose.INFORMATIONAL, "Reminder", {"ab": "1"})
    assert ask.encryption == "TLS/SRTP"
    assert (ask.consent_kind, ask.consent_reference) == (None, None)
    assert (ask.zone, ask.zone_known_by, ask.not_before) == (None, None, None)


def test_everything_filled_in() -> None:
    """Each field arrives where it belongs."""
    ask = read(
        purpose="marketing",
        consent_kind="prior_express_written",
        consent_reference="  CRM \n 1234 ",
        zone="America/Denver",
        zone_known_by="their address",
        not_before_date="2026-08-26",
        not_before_time="09:30",
    )
    assert (ask.consent_kind, ask.consent_reference) == (ConsentKind.WRITTEN, "CRM 1234")
    assert ask.consent_text == ConsentKind.WRITTEN.text
    assert (ask.zone, ask.zone_known_by) == ("America/Denver", "their address")
    assert ask.not_before == datetime(2026, 8, 26, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("prior_express_written", ConsentKind.WRITTEN),
        ("prior_express", ConsentKind.EXPRESS),
        ("existing_relationship", ConsentKind.RELATIONSHIP),
        ("not_needed", ConsentKind.NOT_NEEDED),
    ],
)
def test_each_kind_of_consent_has_its_word(word: str, kind: ConsentKind) -> None:
    """The words of the form, of policy files and of the record are the same."""
    assert read(consent_kind=word, consent_reference="x").consent_kind is kind


def test_of_a_consent_that_nobody_knows_nothing_is_kept() -> None:
    """To say so is the same as to say nothing."""
    ask = read(consent_kind=NO_CONSENT)
    assert ask == read() and ask.consent_kind is None and ask.consent_reference is None


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"consent_reference": "CRM 1234"}, "consent_kind", "Choose the kind of consent too"),
        (
            {"consent_kind": NO_CONSENT, "consent_reference": "CRM 1234"},
            "consent_kind",
            "Choose the kind of consent too",
        ),
        ({"consent_kind": "prior_express"}, "consent_reference", "where the record of it is kept"),
        (
            {"consent_kind": "not_needed", "consent_reference": " \n"},
            "consent_reference",
            "why none is needed",
        ),
        ({"consent_kind": "oral", "consent_reference": "x"}, "consent_kind", "from the list"),
        ({**KIND, "consent_reference": "x" * (MAX_LINE + 1)}, "consent_reference", "301 characters"),
        (
            {"consent_kind": "prior_express", "consent_reference": "a\u202eb"},
            "consent_reference",
            "invisible",
        ),
        ({"zone_known_by": "their address"}, "zone", "Choose the time zone too"),
        ({"zone": "America/Denver"}, "zone_known_by", "Say how you know it"),
        ({"zone": "EST", "zone_known_by": "x"}, "zone", "from the list"),
        ({"zone": "../zone.tab", "zone_known_by": "x"}, "zone", "from the list"),
        ({"zone": "America/Denver", "zone_known_by": "a\u200bb"}, "zone_known_by", "invisible"),
        ({"not_before_date": "2026-08-26"}, "not_before_time", "both"),
        ({"not_before_time": "09:30"}, "not_before_date", "both"),
        ({"not_before_date": "26.8.2026", "not_before_time": "09:30"}, "not_before_time", "pickers"),
        ({"not_before_date": "2026-02-29", "not_before_time": "09:30"}, "not_before_time", "pickers"),
        ({"not_before_date": "2026-08-26", "not_before_time": "25:00"}, "not_before_time", "pickers"),
        ({"not_before_date": "2026-08-26", "not_before_time": "09:30+05:00"}, "not_before_time", "pickers"),
        ({"purpose": ""}, "purpose", "Choose"),
        ({"purpose": "fun"}, "purpose", "Choose"),
        ({"encryption": "none"}, "encryption", "TLS/SRTP, TLS/RTP, UDP/SRTP, UDP/RTP"),
        ({"why": " \n "}, "why", "in a sentence why"),
        ({"why": "x" * (MAX_LINE + 1)}, "why", "301 characters; say it in 300"),
        ({"why": "a\u202eb"}, "why", "invisible"),
        ({"to_number": "911"}, "to_number", "emergency"),
        ({"metadata": "x"}, "metadata", "key=value"),
        ({"metadata_file": b"[]"}, "metadata_file", "no object"),
        ({"metadata_file": b'{"ab": "2"}'}, "metadata", "both"),
        ({"metadata": "", "metadata_file": b'{"to": "2"}'}, "metadata_file", "meaning of its own"),
        ({"metadata": "cd=1", "metadata_file": b'{"to": "2"}'}, "metadata", "meaning of its own"),
    ],
)
def test_each_mistake_is_told_at_its_field(changes: dict[str, object], field: str, says: str) -> None:
    """One mistake is one error, with what to do."""
    told = errors(**changes)
    assert set(told) == {field} and says in told[field]


def test_the_longest_sentence_and_both_kinds_of_metadata() -> None:
    """300 characters are enough room; typed metadata and a file go together."""
    ask = read(why="x" * MAX_LINE, metadata_file=b'{"cd": "2"}')
    assert len(ask.why) == MAX_LINE and ask.metadata == {"ab": "1", "cd": "2"}
    assert read(metadata="").metadata == {}


def test_a_form_without_its_fields_is_a_form_that_nobody_filled_in() -> None:
    """What a form did not show is empty: only what everybody has to fill in is missed."""
    with pytest.raises(InvalidFields) as caught:
        read_ask({}, CONTRACT)
    assert set(caught.value.errors) == {"to_number", "purpose", "why"}
    assert caught.value.errors["to_number"] == errors(to_number="")["to_number"]


def test_every_field_is_told_at_once() -> None:
    """Nobody has to submit nine times."""
    told = errors(
        to_number="x",
        purpose="x",
        why="",
        metadata="x",
        encryption="x",
        consent_kind="x",
        consent_reference="x",
        zone="x",
        zone_known_by="x",
        not_before_date="x",
        not_before_time="x",
    )
    assert set(told) == {
        "to_number",
        "purpose",
        "why",
        "metadata",
        "encryption",
        "consent_kind",
        "zone",
        "not_before_time",
    }


@pytest.mark.parametrize("name", ["consent", "zone", "not_before"])
def test_an_error_in_a_field_that_may_be_empty_stops_the_form(name: str) -> None:
    """No request is made without what somebody tried to say."""
    changes = {
        "consent": {"consent_kind": "oral", "consent_reference": "x"},
        "zone": {"zone": "EST", "zone_known_by": "x"},
        "not_before": {"not_before_date": "x", "not_before_time": "x"},
    }
    assert len(errors(**changes[name])) == 1


def test_a_time_asked_for_is_a_moment_on_the_recipients_clock() -> None:
    """Ten o'clock in Boston, or where it was stated that the recipient is."""
    ten = {"not_before_date": "2026-08-25", "not_before_time": "10:00"}
    assert read(**ten).not_before == datetime(2026, 8, 25, 14, tzinfo=UTC)
    there = {"zone": "America/Denver", "zone_known_by": "their address"}
    assert read(**ten, **there).not_before == datetime(2026, 8, 25, 16, tzinfo=UTC)


def test_a_time_for_a_number_in_several_zones_needs_one_zone() -> None:
    """The error stands at the zone, where it can be cured."""
    ten = {"not_before_date": "2026-08-25", "not_before_time": "10:00"}
    assert set(errors(**ten, to_number="+18502345678")) == {"zone"}
    assert set(errors(**ten, to_number="+18005551234")) == {"zone"}
