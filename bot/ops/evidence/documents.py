"""The small files of the evidence: what is stored of a request, as JSON, and two pages made of it."""

from __future__ import annotations

import json
from pathlib import Path

from bot.domain.approval import recorded
from bot.domain.fingerprint import SUBMITTED, as_submitted
from bot.ops.evidence import check, page
from storage.calls.evidence import Row, StoredEvidence
from storage.record.export import line_of

ANYWHERE = "https://slack.com/"
"""Leads to the workspace that the reader is signed in to; where ours is not known."""


def documents(found: StoredEvidence) -> dict[str, bytes]:
    """Content of each file by its name, but for the chain and the sums."""
    events = [vars(event) for event in found.events]
    files = {
        "request.json": check.as_json({"submitted": as_submitted(found.request), "now": _now(found)}),
        "decisions.json": check.as_json(check.decisions(events)),
        "policies.json": check.as_json(
            [{**row, "policy": json.loads(row["policy"])} for row in found.policies]
        ),
        "attempts.json": check.as_json(found.attempts),
        "history.json": check.as_json(check.history(events)),
        "slack.json": check.as_json(_slack_messages(found, events)),
        check.EVENTS: "".join(map(line_of, found.events)).encode(),
        check.POLICIES: "".join(map(line_of, found.policy_events)).encode(),
        **{name: (Path(__file__).parent / name).read_bytes() for name in check.PROGRAMS},
    }
    if found.request.forgotten_at is None:
        files["payload.json"] = found.request.payload
    return {**files, **page.pages(files)}


def _now(found: StoredEvidence) -> Row:
    """The request as it stands, without what it was submitted with; the decision as the record has it."""
    request = found.request
    now = request.model_dump(mode="json", exclude=SUBMITTED | {"payload"}, exclude_none=True)
    return now if request.decision is None else {**now, **recorded(request.decision)}


def _slack_messages(found: StoredEvidence, events: list[Row]) -> list[Row]:
    """What the record says; of a request that an older release began also what it did not say yet."""
    known = (found.workspace_url or "").startswith(("https://", "http://"))
    workspace = found.workspace_url if known and found.workspace_url else ANYWHERE
    told = check.slack_messages(events, workspace)
    if check.is_whole(events):
        return told
    recorded_already = {message["ts"] for message in told}
    return [*told, *(row for row in _older(found, workspace) if row["ts"] not in recorded_already)]


def _older(found: StoredEvidence, workspace: str) -> list[Row]:
    """Each message in the outbox once, with the time at which it was last sent."""
    request = found.request
    messages: dict[tuple[str, str], Row] = {}
    for message in found.messages:
        kind, ts = message["kind"], message["message_ts"]
        channel = message["channel"] or request.channel
        link = check.link_to(workspace, kind, channel, ts, request.card_ts or "")
        messages[kind, ts] = {
            "what": check.WHAT.get(kind, kind),
            "sent_at": message["sent_at"],
            "ts": ts,
            "link": link,
        }
    return list(messages.values())
