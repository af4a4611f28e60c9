"""A call request held against its own audit events, so that whoever changes the row in the database is found.

The events are chained by hashes (`storage/audit.py`) and the row is not: with an editor anybody who can write
the file can make a row say anything. What the row says is therefore believed only where its events say the
same. Events of older releases carry fewer hashes; what they do not carry is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.call_request import CallRequest, sha256_of
from bot.domain.events import Event
from bot.domain.fingerprint import state_sha256, submission_sha256
from bot.domain.moment import iso
from bot.domain.policy.decision import Decision
from bot.domain.states import TRANSITIONS, Status


@dataclass(frozen=True)
class Entry:
    """One audit event. `at` is ISO 8601 in UTC, as it is stored; the statuses are its words."""

    id: int
    event: str
    actor: str
    at: str
    status_before: str | None
    status_after: str | None
    details: Mapping[str, Any]


def disagreements(request: CallRequest, entries: Sequence[Entry]) -> Iterator[str]:
    """Every way in which a request is not what its events (all of them, in order) say, a sentence each."""
    if not entries or entries[0].event != Event.SUBMITTED:
        yield "The record does not begin with its submission."
        return
    yield from _submission(request, entries[0])
    yield from _approvals(request, entries)
    yield from _way(request, entries)
    yield from _state(request, entries)
    yield from _deletion(request, entries)


def _submission(request: CallRequest, submitted: Entry) -> Iterator[str]:
    said = submitted.details
    if submitted.actor != request.requester:
        yield "The record names another requester."
    if said.get("payload_sha256") != request.payload_sha256:
        yield "The record names another payload."
    if request.forgotten_at is not None:
        return  # of what was deleted only the hashes are left
    if sha256_of(request.payload) != request.payload_sha256:
        yield "The payload does not have its hash."
    if said.get("submission_sha256") not in (None, submission_sha256(request)):
        yield "It is not as it was submitted."


def _approvals(request: CallRequest, entries: Sequence[Entry]) -> Iterator[str]:
    given = [entry for entry in entries if entry.event in {Event.APPROVAL_GIVEN, Event.APPROVED}]
    if [(entry.actor, entry.at) for entry in given] != [
        (each.by, iso(each.at)) for each in request.approvals
    ]:
        yield "The record names other approvals."
    submitted = entries[0].details.get("submission_sha256")
    for entry in given:
        if entry.actor == request.requester:
            yield "The record has an approval by the requester."
        about = entry.details.get("payload_sha256"), entry.details.get("submission_sha256", submitted)
        if about != (request.payload_sha256, submitted):
            yield f"What {entry.actor} approved is another version of it."


def _way(request: CallRequest, entries: Sequence[Entry]) -> Iterator[str]:
    """Each event leads from where the one before left it, along the table of states, to where it stands."""
    stands, ways = None, {Status.PENDING_APPROVAL}
    for entry in entries:
        if entry.status_before != stands or entry.status_after not in ways:
            yield f"The event {entry.event} of {entry.at} does not follow the one before it."
            return
        stands = Status(entry.status_after)
        ways = {stands, *TRANSITIONS[stands]}
    if stands != request.status:
        yield f"The record says that it is {stands}, and it is {request.status}."


def _state(request: CallRequest, entries: Sequence[Entry]) -> Iterator[str]:
    """What events changed is as the last of them left it, and what none of them changed is empty."""
    complete = _is_complete(entries)
    if _last(entries, "state_sha256") not in (None, state_sha256(request)):
        yield "Its state is not as its last event left it."
    cards = [e.details["ts"] for e in entries if e.event == Event.TOLD and e.details["kind"] == "card"]
    if (cards or complete) and request.card_ts != (cards or [None])[-1]:
        yield "Its card is another message than the one that was posted."
    if request.forgotten_at is not None:
        return
    decided = _last(entries, "decision")
    decision = None if decided is None else Decision.model_validate(decided)
    if (decided or complete) and decision != request.decision:
        yield "The decision of the dialing policy is not the last one in the record."
    reason = None if request.end_reason is None else sha256_of(request.end_reason.encode())
    said = _last(entries, "end_reason_sha256")
    if (said or complete) and said != reason:
        yield "The reason of its end is another one than in the record."


def _deletion(request: CallRequest, entries: Sequence[Entry]) -> Iterator[str]:
    deleted = [entry.at for entry in entries if entry.event == Event.DETAILS_DELETED]
    at = [] if request.forgotten_at is None else [iso(request.forgotten_at)]
    if deleted != at and (deleted or _is_complete(entries)):
        yield "The record says otherwise of when its details were deleted."


def _is_complete(entries: Sequence[Entry]) -> bool:
    """Whether the events carry all that this release records; older ones recorded less."""
    return "state_sha256" in entries[0].details


def _last(entries: Sequence[Entry], name: str) -> Any:
    return next((entry.details[name] for entry in reversed(entries) if name in entry.details), None)
