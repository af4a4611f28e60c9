"""Call requests for tests that need no Slack."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.domain.call_request import CallRequest, Encryption, Purpose, new_request_id, sha256_of
from bot.domain.policy.decision import Decision, Rule, Violation
from bot.domain.policy.number_type import NumberType
from bot.domain.policy.records import Records
from bot.domain.states import Status
from tests.support.clock import START

ALLOWED = Decision(at=START, policy="rules for tests", next_allowed=START)
"""What a dialing policy says that has nothing against a call."""

PAYLOAD = b'{"to_number":"+16176451984","metadata":{},"encryption":"TLS/SRTP"}'


def a_request(**changes: Any) -> CallRequest:
    """A pending call request of Alice's."""
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
        "metadata": {"appointment_date": "2026-08-26"},
        "encryption": Encryption.TLS_SRTP,
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


def as_it_is(request: CallRequest, _records: Records, _waiting: int) -> CallRequest:
    """Admits every request."""
    return request
