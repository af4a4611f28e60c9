"""A call request: who asks whom to be called, for what, and everything that became of it."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from bot.domain.ask import PERSONAL, Ask, Purpose
from bot.domain.moment import Moment
from bot.domain.policy.decision import Decision
from bot.domain.states import Status

# Crockford's base 32: no I, L, O or U, so an id can be read out on the telephone.
_ID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

REQUEST_ID = re.compile(rf"CR-[{_ID_ALPHABET}]{{16}}\Z")
"""A call request's id."""


class Approval(BaseModel):
    """One person's yes, and when it was given."""

    model_config = ConfigDict(frozen=True)

    by: str
    at: datetime


class EarlierRefusal(BaseModel):
    """A call to the same number that was asked for a short time before, and which rules refused it."""

    model_config = ConfigDict(frozen=True)

    by: str
    at: Moment
    purpose: Purpose
    rules: tuple[str, ...]


class OpenRequest(BaseModel):
    """Another request to the same number, as it stood when this one was asked for."""

    model_config = ConfigDict(frozen=True)

    id: str
    requester: str
    status: Status


class AlsoOpen(BaseModel):
    """Other requests to the same number that had not ended: the oldest of them, and how many more."""

    model_config = ConfigDict(frozen=True)

    oldest: tuple[OpenRequest, ...]
    more: int = 0


class Submission(Ask):
    """An ask as it was submitted: what never changes afterwards, and what an approval is bound to.

    Who asked is `requester`, in `origin_channel`; `channel` is where the card is. `also_open` is None where
    no other request to the number was open. A field may be added to it, or to an ask, where it can be empty:
    what is empty is left out of the hash.
    """

    id: str
    form_id: str
    requester: str
    channel: str
    origin_channel: str
    refused_before: Annotated[tuple[EarlierRefusal, ...] | None, PERSONAL] = None
    also_open: Annotated[AlsoOpen | None, PERSONAL] = None
    payload_sha256: str
    created_at: Moment
    approval_expires_at: Moment
    approvals_required: int = 1


class CallRequest(Submission):
    """One call request as it is stored. Times are UTC; user and channel ids are Slack's.

    `approved_by` and `approved_at` are those of the approval that completed it. `decision` is what the
    dialing policy said last. Where `forgotten_at` is set, everything about the recipient was deleted then,
    and of the number only the calling code is left. `approvals_raised_to` is set where an operator raised the
    number of approvals while the request waited. `reported_call_sid` is what an answer named that does not
    say for sure what became of the call; nothing is followed by it until a person says so.
    """

    status: Status
    card_ts: str | None = None
    payload: Annotated[bytes, PERSONAL]

    approvals: tuple[Approval, ...] = ()
    approvals_raised_to: int | None = None
    remind_at: Moment | None = None
    reminders: int = 0
    decision: Annotated[Decision | None, PERSONAL] = None
    approved_by: str | None = None
    approved_at: Moment | None = None
    approved_sha256: str | None = None
    dial_expires_at: Moment | None = None
    ended_by: str | None = None
    end_reason: Annotated[str | None, PERSONAL] = None

    dial_after: Moment | None = None
    lease_until: Moment | None = None
    attempts: int = 0
    call_sid: str | None = None
    reported_call_sid: str | None = None
    call_status: str | None = None
    placed_at: Moment | None = None
    finished_at: Moment | None = None
    forgotten_at: Moment | None = None

    @property
    def approvals_needed(self) -> int:
        """How many different people have to approve it, by what was required then and now."""
        return max(self.approvals_required, self.approvals_raised_to or 1)


class ShownRequest(CallRequest):
    """A request with what else its card tells, which stands elsewhere on record and may change.

    `dialing_frozen` is that nothing is dialed now, `suppressed_by` who put the number on the suppression
    list.
    """

    dialing_frozen: bool = False
    suppressed_by: str | None = None


def new_request_id(at: datetime) -> str:
    """A fresh id, `CR-` and 16 characters: 45 bits of milliseconds since 1970, then 35 random ones.

    The newer, the later in the alphabet: new rows stand next to each other in every index, and a large
    database is written to in few places.
    """
    bits = (int(at.timestamp() * 1000) % 2**45) << 35 | secrets.randbits(35)
    return "CR-" + "".join(_ID_ALPHABET[bits >> shift & 31] for shift in range(75, -1, -5))


def sha256_of(payload: bytes) -> str:
    """The fingerprint that an approval is bound to, in lower-case hex."""
    return hashlib.sha256(payload).hexdigest()
