"""Writes audit events as JSON lines or CSV, one after the other, however many there are.

Every value is written as it is stored and hashed, but for an apostrophe that CSV may need. `details` is
JSON text, so that the chain can be checked from the export alone.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import TextIO

from bot.domain.audit_event import AuditEvent
from bot.domain.spreadsheet import guarded
from storage.record.audit_events import COLUMNS


def write_jsonl(events: Iterable[AuditEvent], target: TextIO) -> None:
    """One JSON object a line."""
    for event in events:
        target.write(line_of(event))


def line_of(event: AuditEvent) -> str:
    """The event as a line of JSON, in ASCII."""
    return json.dumps(vars(event), default=repr) + "\n"


def write_csv(events: Iterable[AuditEvent], target: TextIO) -> None:
    """A line of names, then one line an event; a value that is not there is empty.

    An apostrophe stands before what a spreadsheet would run.
    """
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(guarded, vars(event).values()) for event in events)
