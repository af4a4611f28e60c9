"""Call requests for tests that need no Slack."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.domain import approval, placement
from bot.domain.ask import Purpose
from bot.domain.audit_event import AuditEvent
from bot.domain.call_request import CallRequest, new_request_id, sha256_of
from bot.domain.events import Event
from bot.domain.fingerprint import state_sha256, submission_sha256
from bot.domain.moment import iso
from bot.domain.move import CALLGATE, Move
from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.decision import Decision, Rule, Violation
from bot.domain.policy.number_type import NumberType
from bot.domain.states import TRANSITIONS, Status
from bot.service.ports import OnRecord
from tests.support.clock import START

ALLOWED = Decision(at=START, policy="rules for tests", next_allowed=START)
"""What a dialing policy says that has nothing against a call."""

PAYLOAD = b'{"to_number":"+16176451984","metadata":{},"encryption":"TLS/SRTP"}'


def a_request(**changes: Any) -> CallRequest:
    """A pending call request of Alice's, with the consent that it needs."""
    request_id = new_request_id(START)
    values = {
        "id": request_id,
        "form_id": "V" + request_id,
        "status": Status.PENDING_APPROVAL,
        "requester": "U0ALICE",
        "channel": "C0CALLS",
        "origin_channel": "C0CALLS",
        "to_number": "+16176451984",
        "number_as_typed": "(617) 645-1984",
        "region": "US",
        "number_type": NumberType.FIXED_LINE_OR_MOBILE,
        "purpose": Purpose.INFORMATIONAL,
        "why": "Reminder",
        "consent_kind": ConsentKind.EXPRESS,
        "consent_reference": "CRM 4711",
        "consent_text": ConsentKind.EXPRESS.text,
        "metadata": {"appointment_date": "2026-08-26"},
        "encryption": "TLS/SRTP",
        "payload": PAYLOAD,
        "payload_sha256": sha256_of(PAYLOAD),
        "created_at": START,
        "approval_expires_at": START + timedelta(hours=4),
    }
    return CallRequest(**{**values, **changes})


def waits_until(until: datetime, at: datetime = START) -> Decision:
    """What a dialing policy says of a call that only has to wait."""
    return Decision(at=at, policy="rules for tests", violations=(_night(until),), next_allowed=until)


def forbidden(at: datetime = START) -> Decision:
    """What a dialing policy says of a call to somebody who asked to be left alone; it is night, too."""
    listed = Violation(
        rule=Rule.SUPPRESSION_LIST, reason="They said stop.", cure="Do not call.", source="a law"
    )
    return Decision(at=at, policy="rules for tests", violations=(listed, _night(at + timedelta(hours=1))))


def _night(until: datetime) -> Violation:
    return Violation(
        rule=Rule.CALLING_WINDOW, reason="It is night.", cure="It waits.", source="a law", until=until
    )


def as_it_is(request: CallRequest, _on_record: OnRecord) -> CallRequest:
    """Admits every request."""
    return request


def recorded(request: CallRequest) -> list[AuditEvent]:
    """The audit events that lead to the request as it stands, by the shortest way."""
    hashes = {"payload_sha256": request.payload_sha256, "submission_sha256": submission_sha256(request)}
    pending = Status.PENDING_APPROVAL
    events = [_event(Event.SUBMITTED, request.requester, request.created_at, None, pending, hashes)]
    for given in request.approvals:
        events.append(_event(Event.APPROVAL_GIVEN, given.by, given.at, pending, pending, hashes))
    for before, after in pairwise(_way_to(request.status)):
        events.append(_event(Event.POSTPONED, CALLGATE, request.created_at, before, after, {}))
    last: dict[str, Any] = {**events[-1].said, "state_sha256": state_sha256(request)}
    if request.decision is not None:
        last["decision"] = request.decision.model_dump(mode="json", exclude_defaults=True)
    if request.end_reason is not None:
        last["end_reason_sha256"] = sha256_of(request.end_reason.encode())
    events[-1] = saying(events[-1], last)
    if request.card_ts is not None:
        card = {"kind": "card", "ts": request.card_ts}
        events.append(_event(Event.TOLD, CALLGATE, request.created_at, request.status, request.status, card))
    return events


def saying(event: AuditEvent, details: dict[str, Any]) -> AuditEvent:
    """The event with these details."""
    return replace(event, details=json.dumps(details))


def yes(request: CallRequest, by: str = "U0BOB", at: datetime = START, sha256: str | None = None) -> Move:
    """An approval of exactly this request, or of what has that hash; nothing speaks against the call."""
    seen, within = sha256 or submission_sha256(request), timedelta(days=1)
    return approval.approve(request, by, seen, at, within, ALLOWED, recorded(request), required=1)


def claim(request: CallRequest, at: datetime = START, events: list[AuditEvent] | None = None) -> Move:
    """The claim for its dial; nothing speaks against the call. The record is as it should be, or as given."""
    return placement.dial(request, at, ALLOWED, events or recorded(request), frozen=False, required=1)


def _event(
    event: Event, actor: str, at: datetime, before: Status | None, after: Status, details: dict[str, Any]
) -> AuditEvent:
    return AuditEvent(0, None, iso(at), actor, event.value, before, after, json.dumps(details), "")


def _way_to(status: Status) -> tuple[Status, ...]:
    ways: list[tuple[Status, ...]] = [(Status.PENDING_APPROVAL,)]
    while ways[0][-1] is not status:
        first, *ways = ways
        ways += [(*first, after) for after in sorted(TRANSITIONS[first[-1]]) if after not in first]
    return ways[0]
