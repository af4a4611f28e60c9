"""Call requests for tests that need no Slack."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.call_request import CallRequest, Encryption, Purpose, new_request_id, sha256_of
from bot.domain.policy.decision import Decision
from bot.domain.policy.records import Records
from bot.domain.states import Status
from tests.support.clock import START

ALLOWED = Decision(at=START, policy="rules for tests", next_allowed=START)
"""What a dialing policy says that has nothing against a call."""

PAYLOAD = b'{"to_number":"+16176451984","metadata":{},"encryption":"TLS/SRTP"}'


def a_request(**changes: Any) -> CallRequest:
    """A pending call request of Alice's."""
    request_id = new_request_id()
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


def as_it_is(request: CallRequest, _records: Records) -> CallRequest:
    """Admits every request."""
    return request
