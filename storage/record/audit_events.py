"""Writes and reads audit events. An event is appended in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from sqlite_utils import Database

from bot.domain.audit_event import GENESIS, AuditEvent
from bot.domain.events import Event

COLUMNS = tuple(field.name for field in fields(AuditEvent))

_NAMES, _MARKS = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
_INSERT = f"INSERT INTO audit_events ({_NAMES}) VALUES ({_MARKS})"
_LAST = "SELECT id, sha256 FROM audit_events ORDER BY id DESC LIMIT 1"


def append(db: Database, told: Mapping[str, Any]) -> int:
    """Add an event after the last one; returns its number. `told` is every column but that and the hashes."""
    last = db.execute(_LAST).fetchone() or (0, GENESIS)
    event = AuditEvent(id=last[0] + 1, previous_sha256=last[1], **told)
    row = {**vars(event), "sha256": event.hashed()}
    db.execute(_INSERT, [row[column] for column in COLUMNS])
    return event.id


def events(db: Database) -> Iterator[AuditEvent]:
    """Every event, in the order of their numbers, one at a time."""
    return (AuditEvent(*row) for row in db.execute(f"SELECT {_NAMES} FROM audit_events ORDER BY id"))


def events_of(db: Database, request_id: str) -> Iterator[AuditEvent]:
    """The events of one request, in the order of their numbers."""
    sql = f"SELECT {_NAMES} FROM audit_events WHERE call_request_id = ? ORDER BY id"
    return (AuditEvent(*row) for row in db.execute(sql, [request_id]))


def events_named(db: Database, *names: Event) -> list[AuditEvent]:
    """Every event with one of these names, in the order of their numbers."""
    marks = ", ".join("?" * len(names))
    sql = f"SELECT {_NAMES} FROM audit_events WHERE event IN ({marks}) ORDER BY id"
    return [AuditEvent(*row) for row in db.execute(sql, [name.value for name in names])]


def events_of_policies(db: Database, until: int) -> Iterator[AuditEvent]:
    """The events that say which policies were in force until that event, and what stood at an upgrade."""
    sql = (
        f"SELECT {_NAMES} FROM audit_events WHERE call_request_id IS NULL"
        " AND (event = ? OR event = ? AND id < ?) ORDER BY id"
    )
    values = [Event.BASELINE.value, Event.POLICY_CHANGED.value, until]
    return (AuditEvent(*row) for row in db.execute(sql, values))


def reviews(db: Database, request_id: str | None) -> Iterator[AuditEvent]:
    """Each time somebody opened every detail of a request, or of that one, oldest first."""
    of_request = "" if request_id is None else " AND call_request_id = :request"
    sql = f"SELECT {_NAMES} FROM audit_events WHERE event = :event{of_request} ORDER BY id"
    values = {"event": Event.REVIEWED.value, "request": request_id}
    return (AuditEvent(*row) for row in db.execute(sql, values))


def chain_all(db: Database) -> None:
    """Give the events that were recorded before there was a chain their place in it."""
    previous = GENESIS
    for event in list(events(db)):
        linked = AuditEvent(**{**vars(event), "previous_sha256": previous})
        previous = linked.hashed()
        db.execute(
            "UPDATE audit_events SET previous_sha256 = ?, sha256 = ? WHERE id = ?",
            [linked.previous_sha256, previous, event.id],
        )
