"""A call request compared with its own audit events, so that a change to its row in the database is found.

The events are chained by hashes (`bot/domain/audit_event.py`), and the row is not: anybody who can write the
file can make a row say anything. So the row is believed only where its events say the same. Events of older
releases have fewer hashes; what they do not have is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.domain.audit_event import AuditEvent
from bot.domain.call_request import CallRequest, sha256_of
from bot.domain.events import Event
from bot.domain.fingerprint import state_sha256, submission_sha256
from bot.domain.moment import iso
from bot.domain.policy.decision import Decision
from bot.domain.states import TRANSITIONS, Status


def disagreements(request: CallRequest, events: Sequence[AuditEvent]) -> Iterator[str]:
    """A sentence for every way in which the request differs from its events (all of them, in order)."""
    if not events or events[0].event != Event.SUBMITTED:
        yield "The record does not begin with its submission."
        return
    yield from _check_submission(request, events[0])
    yield from _check_approvals(request, events)
    yield from _check_transitions(request, events)
    yield from _check_state(request, events)
    deleted = [event.at for event in events if event.event == Event.DETAILS_DELETED]
    at = [] if request.forgotten_at is None else [iso(request.forgotten_at)]
    if deleted != at and (deleted or _is_complete(events)):
        yield "Its details were not deleted when the record says."


def _check_submission(request: CallRequest, submitted: AuditEvent) -> Iterator[str]:
    said = submitted.said
    if submitted.actor != request.requester:
        yield "The record names another requester."
    if said.get("payload_sha256") != request.payload_sha256:
        yield "The record names another payload."
    if request.forgotten_at is not None:
        return  # only the hashes are left of what was deleted
    if sha256_of(request.payload) != request.payload_sha256:
        yield "The payload does not have its hash."
    if said.get("submission_sha256") not in (None, submission_sha256(request)):
        yield "It is not as it was submitted."


def _check_approvals(request: CallRequest, events: Sequence[AuditEvent]) -> Iterator[str]:
    given = [event for event in events if event.event in {Event.APPROVAL_GIVEN, Event.APPROVED}]
    if [(event.actor, event.at) for event in given] != [
        (each.by, iso(each.at)) for each in request.approvals
    ]:
        yield "The record names other approvals."
    submitted = events[0].said.get("submission_sha256")
    for event in given:
        if event.actor == request.requester:
            yield "The record has an approval by the requester."
        about = event.said.get("payload_sha256"), event.said.get("submission_sha256", submitted)
        if about != (request.payload_sha256, submitted):
            yield f"{event.actor} approved another version of it."


def _check_transitions(request: CallRequest, events: Sequence[AuditEvent]) -> Iterator[str]:
    """Each event starts at the status in which the one before ended, and goes a way that the table has."""
    status, ways = None, {Status.PENDING_APPROVAL}
    for event in events:
        if event.status_before != status or event.status_after not in ways:
            yield f"The event {event.event} of {event.at} does not follow from the one before."
            return
        status = Status(event.status_after)
        ways = {status, *TRANSITIONS[status]}
    if status != request.status:
        yield f"The record says that it is {status}, and it is {request.status}."


def _check_state(request: CallRequest, events: Sequence[AuditEvent]) -> Iterator[str]:
    """What the events changed is as the last one left it, and what none of them changed is empty."""
    complete = _is_complete(events)
    if _last(events, "state_sha256") not in (None, state_sha256(request)):
        yield "Its state is not as its last event left it."
    cards = [e.said["ts"] for e in events if e.event == Event.TOLD and e.said["kind"] == "card"]
    if (cards or complete) and request.card_ts != (cards or [None])[-1]:
        yield "Its card is not the message that was posted."
    if request.forgotten_at is not None:
        return
    decided = _last(events, "decision")
    decision = None if decided is None else Decision.model_validate(decided)
    if (decided or complete) and decision != request.decision:
        yield "The dialing policy's decision is not the last one in the record."
    reason = None if request.end_reason is None else sha256_of(request.end_reason.encode())
    said = _last(events, "end_reason_sha256")
    if (said or complete) and said != reason:
        yield "The reason why it ended is not the one in the record."


def _is_complete(events: Sequence[AuditEvent]) -> bool:
    """Whether the events have everything that this release records; older ones recorded less."""
    return "state_sha256" in events[0].said


def _last(events: Sequence[AuditEvent], name: str) -> Any:
    return next((event.said[name] for event in reversed(events) if name in event.said), None)
