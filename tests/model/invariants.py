"""What must be true after every step, whatever was done."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import defaultdict
from pathlib import Path
from typing import Any

from bot.domain.call_request import CallRequest, sha256_of
from bot.domain.events import Event
from storage.database.opening import read_only
from storage.record import audit_events
from storage.record.chain_check import check as chain_check
from storage.record.row_check import check_rows
from storage.rows import to_request
from tests.model.fakes import Voice

Rows = list[dict[str, Any]]


def check(database: Path, voice: Voice, approved: dict[str, bytes]) -> set[str]:
    """Read the whole database and hold it against what PolyAI saw; returns the statuses that are there."""
    tables = _read(database)
    events, items = _by_request(tables["audit_events"]), _by_request(tables["outbox"])
    for row in tables["call_requests"]:
        request = to_request(row)
        _check_calls(request, voice, approved)
        _check_people(request)
        _check_items(request, events[request.id], items[request.id])
    assert set(voice.sent) <= {row["id"] for row in tables["call_requests"]}
    with read_only(database) as db:
        assert [*chain_check(audit_events.events(db)).faults, *check_rows(db)] == []
    return {row["status"] for row in tables["call_requests"]}


def _check_calls(request: CallRequest, voice: Voice, approved: dict[str, bytes]) -> None:
    """It rang once at most, nothing was sent after that, and only what was approved."""
    sent = voice.sent.get(request.id, [])
    assert voice.rung.get(request.id, 0) <= 1
    assert all(payload == approved[request.id] == request.payload for payload in sent)
    assert len(sent) == request.attempts
    if voice.rung.get(request.id):
        assert request.status in {"placed", "succeeded", "failed", "status_lost", "unconfirmed", "closed"}


def _check_people(request: CallRequest) -> None:
    if request.approved_by is not None:
        assert request.approved_by != request.requester
        assert request.approved_sha256 == request.payload_sha256 == sha256_of(request.payload)


def _check_items(request: CallRequest, events: Rows, items: Rows) -> None:
    """Whatever was recorded, the card is brought up to date; and each change is told in the thread."""
    changes = [event for event in events if event["event"] != Event.REVIEWED]
    assert len(changes) == sum(item["kind"] == "card" for item in items)
    told = {item["name"] for item in items if item["kind"] == "thread"}
    if request.status not in {"pending_approval", "dialing"}:
        assert told, request.status


def _read(database: Path) -> dict[str, Rows]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        names = ("call_requests", "audit_events", "outbox")
        return {name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")] for name in names}


def _by_request(rows: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in rows:
        found[row["call_request_id"]].append(row)
    return found
