"""Holds a chain of audit events against its hashes, and names every event that is not as it was.

A chain shows changed, missing, added and moved events. It cannot show that its newest events were cut
off, nor that somebody rewrote all of it: for that its head has to be kept elsewhere and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.audit_event import GENESIS, AuditEvent

_MAX_COMPARED = 200


class Wrong(StrEnum):
    """What is wrong with an event, as the end of a sentence."""

    CHANGED = "is not as it was recorded"
    MOVED = "is in the wrong place: it was recorded as event {other}"
    MISSING = "is missing"
    MISSING_UP_TO = "and all after it up to event {other} are missing"
    ADDED = "was added: events are numbered from 1"
    REPLACED = "is not the one that event {other} was recorded after"
    NOT_KEPT = "does not have the hash that was kept"


@dataclass(frozen=True)
class BrokenLink:
    """One event that is not as it was. `other` is a second event, where the sentence names one."""

    event: int
    wrong: Wrong
    other: int | None = None

    @property
    def sentence(self) -> str:
        """What is wrong, for a person."""
        return f"Event {self.event} {self.wrong.format(other=self.other)}."


@dataclass(frozen=True)
class Head:
    """Where a chain ends: how many events there are, and the hash of the last."""

    count: int = 0
    sha256: str = GENESIS


@dataclass(frozen=True)
class Report:
    """The head of the chain, and everything that is wrong with it, in order."""

    head: Head
    faults: tuple[BrokenLink, ...]


def check(events: Iterable[AuditEvent], kept: Head | None = None) -> Report:
    """Check a chain, given in the order of the numbers; with `kept`, against a head it once had."""
    walk = _Walk(kept or Head())
    for event in events:
        walk.step(event)
    cut_off = _missing(walk.head.count + 1, kept.count if kept else 0)
    faults = [*walk.faults, *_moved_or_changed(walk.unfit), *cut_off]
    return Report(walk.head, tuple(sorted(faults, key=lambda fault: fault.event)))


class _Walk:
    """From one event to the next. Where one is wrong, the next one's link to it proves nothing."""

    def __init__(self, kept: Head) -> None:
        self.head = Head()
        self.faults: list[BrokenLink] = []
        self.unfit: list[AuditEvent] = []
        self._kept = kept
        self._linked = True

    def step(self, event: AuditEvent) -> None:
        before = [BrokenLink(event.id, Wrong.ADDED)] if event.id < 1 else []
        before += _missing(self.head.count + 1, event.id - 1)
        self.faults += before
        fits = event.sha256 == event.hashed()
        if not fits:
            self.unfit.append(event)
        elif self._linked and not before and event.previous_sha256 != self.head.sha256:
            replaced = BrokenLink(event.id - 1, Wrong.REPLACED, event.id)
            self.faults.append(BrokenLink(1, Wrong.CHANGED) if event.id == 1 else replaced)
        if 0 < event.id == self._kept.count and event.sha256 != self._kept.sha256:
            self.faults.append(BrokenLink(event.id, Wrong.NOT_KEPT))
        self._linked = fits
        self.head = Head(max(event.id, 0), event.sha256)


def _missing(first: int, last: int) -> Iterator[BrokenLink]:
    if first == last:
        yield BrokenLink(first, Wrong.MISSING)
    elif first < last:
        yield BrokenLink(first, Wrong.MISSING_UP_TO, last)


def _moved_or_changed(unfit: list[AuditEvent]) -> Iterator[BrokenLink]:
    """An event whose hash fits under another number was moved."""
    numbers = [event.id for event in unfit[:_MAX_COMPARED]]
    for event in unfit:
        places = (*numbers, event.id - 1, event.id + 1)
        recorded = next((n for n in places if replace(event, id=n).hashed() == event.sha256), None)
        yield BrokenLink(event.id, Wrong.CHANGED if recorded is None else Wrong.MOVED, recorded)
