"""Holds every table that the record covers against its events: what was changed around the record is found.

`chain_check.py` shows that the events are as they were recorded; this shows that the rows are what
the events say. What older releases recorded less of is held against what they did record.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import Any

from sqlite_utils import Database

from bot.domain.audit_event import AuditEvent
from bot.domain.call_request import CallRequest, sha256_of
from bot.domain.events import Event
from bot.domain.fingerprint import canonical_json
from bot.domain.freeze import LIFTS_NEEDED
from bot.domain.record import disagreements
from storage.record import audit_events
from storage.record.number_hashes import NumberHashes, digest
from storage.rows import to_request

Row = dict[str, Any]

_ATTEMPTS = (
    "SELECT started_at, payload_sha256, answered_at, conclusion, http_status, call_sid, correlation_id,"
    " message, answer FROM dial_attempts WHERE call_request_id = ? ORDER BY id"
)
_HASHED = ("message", "answer")
_LOST = (
    "SELECT DISTINCT call_request_id FROM audit_events WHERE call_request_id IS NOT NULL"
    " AND call_request_id NOT IN (SELECT id FROM call_requests)"
)

_PUT_ON_BY = "SELECT DISTINCT added_by, added_at, call_request_id, audit_event_id FROM suppressions"

_DELETED_BEFORE = (
    "SELECT id FROM call_requests r WHERE forgotten_at IS NOT NULL AND NOT EXISTS"
    " (SELECT 1 FROM audit_events WHERE call_request_id = r.id AND event = ?)"
)


def check_rows(db: Database) -> Iterator[str]:
    """Everything that is not as the record says: a sentence each, with the id of what it is about."""
    for row in db.query("SELECT * FROM call_requests ORDER BY id"):
        for found in _of_request(db, to_request(row)):
            yield f"{row['id']}: {found}"
    for (lost,) in db.execute(_LOST):
        yield f"{lost}: The record has this request, and the database does not."
    yield from _deletions(db)
    yield from _policies(db)
    yield from _numbers(db)
    yield from _freezes(db)


def attempts_in(events: Iterable[AuditEvent]) -> list[Row]:
    """What a request's events say of each dial attempt; texts as their hashes."""
    found: list[Row] = []
    for event in events:
        if event.event == Event.DIALING:
            begun = {"started_at": event.at, "payload_sha256": event.said["payload_sha256"]}
            found.append({**begun, "answered_at": None, "conclusion": None})
        elif "conclusion" in event.said and found:
            found[-1] |= {**event.said, "answered_at": event.at}
    return found


def _of_request(db: Database, request: CallRequest) -> Iterator[str]:
    events = list(audit_events.events_of(db, request.id))
    yield from disagreements(request, events)
    rows = list(db.query(_ATTEMPTS, [request.id]))
    for number, (row, said) in enumerate(zip_longest(rows, attempts_in(events)), start=1):
        if row is None or said is None:
            yield f"Dial attempt {number} is not both in the record and in the database."
        elif any(said[name] != value for name, value in _shown(row, request).items() if name in said):
            yield f"Dial attempt {number} is not as it was recorded."


def _shown(row: Row, request: CallRequest) -> Row:
    """An attempt as the record says it; of texts that were deleted there is nothing to compare."""
    kept = {name: value for name, value in row.items() if name not in _HASHED}
    if request.forgotten_at is not None:
        return kept
    hashes = {
        f"{name}_sha256": None if row[name] is None else sha256_of(row[name].encode()) for name in _HASHED
    }
    return {**kept, **hashes}


def _deletions(db: Database) -> Iterator[str]:
    """Those of older releases, which recorded them only as a number."""
    baseline = _baseline(db)
    gone = [row[0] for row in db.execute(_DELETED_BEFORE, [Event.DETAILS_DELETED.value])]
    if baseline.get("details_deleted_sha256", digest([])) != digest(gone):
        yield "Deleted details: the record does not have each of these requests as one of them."


def _baseline(db: Database) -> Mapping[str, Any]:
    return next((event.said for event in audit_events.events_named(db, Event.BASELINE)), {})


def _policies(db: Database) -> Iterator[str]:
    rows = list(db.query("SELECT name, sha256, adopted_at, policy FROM policies ORDER BY id"))
    changes = audit_events.events_named(db, Event.POLICY_CHANGED)
    recorded = [(event.said["policy"], event.said["sha256"], event.at) for event in changes]
    texts = [*_baseline(db).get("policies", ())]
    texts += [event.said["policy_sha256"] for event in changes if "policy_sha256" in event.said]
    if [(row["name"], row["sha256"], row["adopted_at"]) for row in rows] != recorded:
        yield "Policies: these are not the ones that the record names."
    elif [sha256_of(canonical_json(json.loads(row["policy"])).encode()) for row in rows] != texts:
        yield "Policies: one of them does not say what it said when it was adopted."


def _numbers(db: Database) -> Iterator[str]:
    """The list is what was put on it and not taken off."""
    hashes, taken_off = NumberHashes(db), defaultdict[int, set[str]](set)
    put_on = {event.id: event for event in audit_events.events_named(db, Event.BASELINE, Event.SUPPRESSED)}
    for event in audit_events.events_named(db, Event.UNSUPPRESSED):
        if "listed_by" in event.said:
            taken_off[event.said["listed_by"]].add(event.said["number"])
    rows = db.execute("SELECT audit_event_id, number FROM suppressions ORDER BY audit_event_id")
    there = {
        event: {hashes.of(number) for _, number in group} for event, group in groupby(rows, itemgetter(0))
    }
    for by, at, request_id, event_id in db.execute(_PUT_ON_BY):
        if event_id in put_on and put_on[event_id].event == Event.SUPPRESSED:
            event = put_on[event_id]
            if (by, at, request_id) != (event.actor, event.at, event.call_request_id):
                yield f"Suppression list: who put event {event_id} there, or when, is not as recorded."
    if stray := sum(len(numbers) for event, numbers in there.items() if event not in put_on):
        yield f"Suppression list: {stray} of its numbers were put on it by no event."
    for event in put_on.values():
        if not _is_whole(event.said, there.get(event.id, set()), taken_off[event.id]):
            yield f"Suppression list: what event {event.id} put on it is not what is there."


def _is_whole(details: Mapping[str, Any], there: set[str], off: set[str]) -> bool:
    """Whether the numbers on the list and those that were taken off are together what was put on it."""
    if there & off:
        return False
    if "list_sha256" in details:
        return bool(details["list_sha256"] == digest(there | off))
    return "number" not in details or there | off == {details["number"]}


def _freezes(db: Database) -> Iterator[str]:
    frozen = audit_events.events_named(db, Event.FROZEN)
    lifts = audit_events.events_named(db, Event.LIFT_ASKED, Event.UNFROZEN)
    ended = {event.said["freeze"]: event.at for event in lifts if event.event == Event.UNFROZEN}
    rows = db.execute("SELECT id, frozen_by, frozen_at, lifted_at FROM freezes ORDER BY id").fetchall()
    needed = [row[0] for row in db.execute("SELECT lifts_needed FROM freezes ORDER BY id")]
    said = [(e.said["freeze"], e.actor, e.at, ended.get(e.said["freeze"])) for e in frozen]
    if rows != said or needed != [e.said.get("lifts_needed", LIFTS_NEEDED) for e in frozen]:
        yield "Freezes: these are not the ones that the record names, or have not ended as it says."
    asked = sorted((event.said["freeze"], event.actor, event.at) for event in lifts)
    if asked != sorted(db.execute("SELECT freeze_id, lifted_by, at FROM freeze_lifts").fetchall()):
        yield "Freezes: the record names other people who wanted dialing to go on."
