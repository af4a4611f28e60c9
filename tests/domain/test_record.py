"""A request held against its own events: every way to change the row, or the events, is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import approval
from bot.domain.audit_event import AuditEvent
from bot.domain.call_request import AlsoOpen, Approval, CallRequest, sha256_of
from bot.domain.errors import Refused
from bot.domain.events import Event
from bot.domain.fingerprint import NOT_OF_THE_STATE, SUBMITTED, state_sha256, submission_sha256
from bot.domain.moment import iso
from bot.domain.policy.decision import Decision
from bot.domain.record import disagreements
from bot.domain.states import Status
from tests.support.clock import START
from tests.support.requests import ALLOWED, PAYLOAD, a_request, claim, forbidden, recorded, saying, yes

BOB, EVE = "U0BOB", "U0EVE"


def approved(**changes: Any) -> CallRequest:
    """As Bob's approval leaves it."""
    pending = a_request(**changes)
    return pending.model_copy(update={**yes(pending, BOB).changes, "status": Status.APPROVED})


def found(request: CallRequest, events: list[AuditEvent] | None = None) -> list[str]:
    return list(disagreements(request, recorded(request) if events is None else events))


@pytest.mark.parametrize("status", Status)
def test_what_the_events_say_is_believed(status: Status) -> None:
    """In every state, with and without approvals."""
    assert found(approved().model_copy(update={"status": status})) == []


def test_what_is_in_no_record_is_not_believed() -> None:
    """No events at all, or none of a submission."""
    request = approved()
    assert found(request, []) == found(request, recorded(request)[1:]) != []


# Another value for every field that an event hashes, directly or with all others.
OTHERWISE: dict[str, Any] = {
    "id": "CR-0000000000000000", "form_id": "V2", "status": Status.BLOCKED, "requester": EVE, "channel": "C2",
    "origin_channel": "C2", "to_number": "+16176451985", "number_as_typed": "1", "region": "CA",
    "number_type": "voip", "zone": "America/Denver", "zone_known_by": "x", "not_before": START,
    "purpose": "marketing", "why": "x", "consent_kind": "not_needed", "consent_reference": "x",
    "consent_text": "x", "refused_before": (), "also_open": AlsoOpen(oldest=()),
    "metadata": {}, "encryption": "UDP/RTP", "payload": b"{}",
    "payload_sha256": "0" * 64, "created_at": START + timedelta(1), "approval_expires_at": START,
    "approvals": (Approval(by=EVE, at=START),), "approvals_required": 2, "approvals_raised_to": 2,
    "remind_at": START, "reminders": 1, "approved_by": EVE, "approved_at": START + timedelta(1),
    "approved_sha256": "0" * 64, "dial_expires_at": START, "ended_by": EVE,
    "dial_after": START + timedelta(1),
    "lease_until": START, "attempts": 1, "call_sid": "OUT-1", "reported_call_sid": "OUT-2",
    "call_status": "queued", "placed_at": START,
    "finished_at": START,
}  # fmt: skip


def test_every_field_is_hashed_or_named_as_one_that_is_not() -> None:
    """A field added to a request is part of a hash, whoever adds it, and this table has a value for it."""
    assert set(OTHERWISE) == set(CallRequest.model_fields) - (NOT_OF_THE_STATE - {"payload"})
    assert SUBMITTED.isdisjoint(NOT_OF_THE_STATE)
    assert set(CallRequest.model_fields) >= SUBMITTED | NOT_OF_THE_STATE


@pytest.mark.parametrize("field", OTHERWISE)
def test_a_changed_field_is_found(field: str) -> None:
    """Each of them, whether it was submitted or came about later."""
    request = approved()
    assert found(CallRequest(**{**dict(request), field: OTHERWISE[field]}), recorded(request))


def test_payload_and_both_hashes_changed_together_are_found() -> None:
    """What an editor of the database can make fit to itself does not fit to the record."""
    request = approved()
    other = PAYLOAD.replace(b"1984", b"1985")
    hashes = {"payload": other, "payload_sha256": sha256_of(other), "approved_sha256": sha256_of(other)}
    changed = request.model_copy(update=hashes)
    assert "The record names another payload." in found(changed, recorded(request))
    assert claim(changed).to is Status.DIALING  # were the record not asked
    move = claim(changed, events=recorded(request))
    assert move.to is Status.BLOCKED and "bypassing the record" in move.changes["end_reason"]


def test_a_row_set_to_approved_is_not_dialed() -> None:
    """Without an event of anybody's approval."""
    pending = a_request()
    forged = approved().model_copy(update={"id": pending.id, "form_id": pending.form_id})
    move = claim(forged, events=recorded(pending))
    assert move.to is Status.BLOCKED and "other approvals" in move.changes["end_reason"]


def test_what_was_changed_is_not_approved_either() -> None:
    """The approver is told that it was changed, and what to do."""
    request = a_request()
    changed = request.model_copy(update={"why": "Something else"})
    sha256 = submission_sha256(changed)
    with pytest.raises(Refused, match=r"changed in the database, bypassing the record\. It is not as it was"):
        approval.approve(changed, BOB, sha256, START, timedelta(1), ALLOWED, recorded(request), required=1)


def test_a_card_that_showed_something_else_cannot_be_approved() -> None:
    """The button is bound to everything that was shown, not to the payload alone."""
    request = a_request()
    with pytest.raises(Refused, match="another version"):
        yes(request.model_copy(update={"why": "Something else"}), sha256=submission_sha256(request))


def change(number: int, **changes: Any) -> Callable[[list[AuditEvent]], list[AuditEvent]]:
    return lambda events: [replace(e, **changes) if n == number else e for n, e in enumerate(events)]


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (change(0, actor=EVE), "another requester"),
        (change(1, actor=EVE), "other approvals"),
        (change(1, at=iso(START + timedelta(1))), "other approvals"),
        (change(1, details=json.dumps({"payload_sha256": "0" * 64})), "approved another version of it"),
        (
            change(
                1, details=json.dumps({"payload_sha256": sha256_of(PAYLOAD), "submission_sha256": "0" * 64})
            ),
            "approved another version of it",
        ),
        (change(1, status_before="approved"), "does not follow"),
        (change(1, status_after="dialing"), "does not follow"),
        (change(1, status_after="nowhere"), "does not follow"),
        (lambda events: events[:-1], "The record says that it is pending_approval, and it is approved"),
        (lambda events: [events[0], *events], "does not follow"),
    ],
)
def test_events_that_say_otherwise_are_found(
    tamper: Callable[[list[AuditEvent]], list[AuditEvent]], said: str
) -> None:
    """Who asked, who approved what and when, and the way from one state to the next."""
    request = approved()
    assert said in " ".join(found(request, tamper(recorded(request))))


def test_a_first_yes_of_two_is_held_against_the_record() -> None:
    """The event that one more has to follow counts like the one that approves."""
    one = a_request(approvals_required=2).model_copy(update={"approvals": (Approval(by=BOB, at=START),)})
    first, given = recorded(one)
    assert found(one, [first, given]) == []
    assert "The record names other approvals." in found(one, [first, replace(given, actor=EVE)])
    made = replace(given, event=Event.APPROVED.value)
    assert found(one, [first, made]) == []
    assert "The record names other approvals." in found(one, [first, replace(made, actor=EVE)])


def test_the_requester_among_the_approvers_is_found() -> None:
    """Also where row and event agree about it."""
    request = approved().model_copy(update={"approvals": (Approval(by="U0ALICE", at=START),)})
    assert "The record has an approval by the requester." in found(request)


def test_events_of_older_releases_are_held_against_what_they_say() -> None:
    """They have fewer hashes: what has none is believed, the rest is not."""
    request = approved()
    old = [saying(e, {"payload_sha256": request.payload_sha256}) for e in recorded(request)]
    assert found(request, old) == []
    assert found(request.model_copy(update={"attempts": 3}), old) == []
    assert found(request.model_copy(update={"approvals": ()}), old) != []
    more = {"card_ts": "1.1", "decision": ALLOWED, "end_reason": "b"}
    assert found(request.model_copy(update=more), old) == []
    assert found(request.model_copy(update={"forgotten_at": START}), old) == []


def with_details(request: CallRequest, event: Event, **details: Any) -> list[AuditEvent]:
    *before, last = recorded(request)
    at, stands = iso(START + timedelta(days=1)), request.status.value
    return [
        *before,
        last,
        AuditEvent(9, None, at, "callgate", event.value, stands, stands, json.dumps(details), ""),
    ]


@pytest.mark.parametrize(
    ("changes", "event", "details", "said"),
    [
        ({"card_ts": "1.2"}, Event.TOLD, {"kind": "card", "ts": "1.1"}, "not the message"),
        ({"card_ts": None}, Event.TOLD, {"kind": "card", "ts": "1.1"}, "not the message"),
        ({"end_reason": "a"}, Event.POSTPONED, {"end_reason_sha256": sha256_of(b"b")}, "reason why it ended"),
        (
            {"end_reason": None},
            Event.POSTPONED,
            {"end_reason_sha256": sha256_of(b"b")},
            "reason why it ended",
        ),
        (
            {"decision": ALLOWED},
            Event.POSTPONED,
            {"decision": forbidden().model_dump(mode="json", exclude_defaults=True)},
            "not the last one",
        ),
        ({"forgotten_at": START}, Event.DETAILS_DELETED, {}, "details were not deleted when"),
        ({"forgotten_at": None}, Event.DETAILS_DELETED, {}, "details were not deleted when"),
    ],
)
def test_what_has_a_place_of_its_own_in_the_record_is_compared(
    changes: dict[str, Any], event: Event, details: dict[str, Any], said: str
) -> None:
    """The card, the reason of an end, the policy's decision, the deletion of the details."""
    request = approved().model_copy(update=changes)
    assert any(said in each for each in found(request, with_details(request, event, **details)))


def test_what_agrees_there_is_believed() -> None:
    """The same fields, as the events have them; a reply in the thread is no card."""
    request = approved().model_copy(
        update={"card_ts": "1.1", "end_reason": "b", "decision": ALLOWED, "forgotten_at": None}
    )
    said = {"end_reason_sha256": sha256_of(b"b"), "decision": Decision.model_dump(ALLOWED, mode="json")}
    assert found(request, with_details(request, Event.POSTPONED, **said)) == []
    assert found(request, with_details(request, Event.TOLD, kind="thread", ts="1.9")) == []
    assert found(request, with_details(request, Event.TOLD, kind="card", ts="1.1")) == []


def test_a_made_up_deletion_hides_nothing() -> None:
    """A request that says its details were deleted, with no event of it, is found."""
    request = approved()
    gone = request.model_copy(update={"forgotten_at": START, "payload": b"{}", "why": ""})
    assert found(gone, complete(request)) == ["Its details were not deleted when the record says."]


def complete(request: CallRequest) -> list[AuditEvent]:
    """With the hash that this release records of every submission."""
    first, *rest = recorded(request)
    return [saying(first, {**first.said, "state_sha256": state_sha256(a_request())}), *rest]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("card_ts", "1.1", "Its card is not the message that was posted."),
        ("decision", ALLOWED, "The dialing policy's decision is not the last one in the record."),
        ("end_reason", "b", "The reason why it ended is not the one in the record."),
    ],
)
def test_what_no_event_ever_said_is_found(name: str, value: Any, said: str) -> None:
    """A card, a decision or a reason in the row, where the events have none."""
    untouched = approved().model_copy(update={"card_ts": None, "decision": None, "end_reason": None})
    assert found(untouched, complete(untouched)) == []
    assert found(untouched.model_copy(update={name: value}), complete(untouched)) == [said]


def test_the_state_says_nothing_of_the_recipient() -> None:
    """So that it stays the same when the details are deleted."""
    request = approved()
    gone = {
        "to_number": "+1",
        "why": "",
        "payload": b"",
        "metadata": {},
        "decision": None,
        "end_reason": None,
    }
    assert state_sha256(request) == state_sha256(request.model_copy(update=gone))
