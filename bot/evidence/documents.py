"""The small files of the evidence: what is stored of a request, as JSON that a person can read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.domain.fingerprint import as_submitted
from bot.evidence import check
from bot.evidence.links import slack_messages
from bot.evidence.page import page
from bot.evidence.readme import readme
from storage.audit_export import line_of
from storage.case import Case

File = tuple[str, bytes]


def documents(case: Case) -> Iterator[File]:
    """Name and content of each file, but for the chain and the sums."""
    events = [vars(event) for event in case.events]
    yield "README.txt", readme(case).encode()
    yield "request.json", _json({"submitted": as_submitted(case.request), "now": _now(case)})
    if case.request.forgotten_at is None:
        yield "payload.json", case.request.payload
    yield "decisions.json", _json(check.decisions(events))
    yield "policies.json", _json([_policy(row) for row in case.policies])
    yield "attempts.json", _json(case.attempts)
    yield "history.json", _json(check.history(events))
    yield "slack.json", _json(slack_messages(case))
    yield "audit/events.jsonl", "".join(line_of(event) for event in case.events).encode()
    yield "check.py", Path(check.__file__).read_bytes()
    yield "index.html", _bytes(page(case))


def _now(case: Case) -> dict[str, Any]:
    """The request as it stands; the exact bytes of the payload are a file of their own."""
    return case.request.model_dump(mode="json", exclude={"payload"})


def _policy(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "policy": json.loads(row["policy"])}


def _json(value: Any) -> bytes:
    return _bytes(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def _bytes(text: str) -> bytes:
    # Text that somebody damaged in the database must be seen, and stop nothing.
    return text.encode("utf-8", "backslashreplace")
