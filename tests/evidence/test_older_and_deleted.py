"""The evidence of what the record knows less about: details that were deleted, requests of older releases."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from bot.domain import approval, placement
from bot.domain.answer import Answer, Conclusion, PollResult, StatusAnswer
from bot.domain.ask import Purpose
from bot.domain.call_request import CallRequest, EarlierRefusal
from bot.domain.call_status import on_status
from bot.domain.events import Event
from bot.domain.fingerprint import state_sha256, submission_sha256
from bot.domain.move import CALLGATE, Move
from bot.domain.policy.decision import Decision
from bot.domain.policy.dialing_policy import shipped_policy
from bot.ops.evidence.bundle import write_evidence
from bot.polyai.contract import CONTRACT
from storage.calls import moves
from storage.database.opening import read_only
from storage.migrations import migrations
from storage.record import audit_events, policies
from storage.retention.forgetting import forget_request
from tests.evidence.folder import checked, problems, read, remake, write
from tests.support.clock import START
from tests.support.finished import NUMBER
from tests.support.old_database import old_database, put
from tests.support.requests import a_request

REQUEST = "request.json"
DECISION = Decision(at=START, policy=shipped_policy().name, next_allowed=START)
RETRY = placement.Retry(lambda _: 1.0, failed_to_place=True)
NEW = {"state_sha256", "submission_sha256", "end_reason_sha256", "message_sha256", "policy_sha256"}
"""What older releases did not record."""

KEPT = CONTRACT.status_kept


def live(db: sqlite_utils.Database, **changes: Any) -> CallRequest:
    """A call that was placed and failed, told in a card and a line."""
    policies.adopt(db, shipped_policy(), START)
    request = a_request(metadata={}, decision=DECISION, **changes)
    moves.insert(db, request)
    told(db, request, "card", "1.1")
    seen, day = submission_sha256(request), timedelta(days=1)
    answer = Answer(Conclusion.PLACED, "for Paula", "OUT-1", 200, "c-1", body='{"call_sid": "OUT-1"}')
    steps: list[Callable[[CallRequest], Move | None]] = [
        lambda r: approval.approve(
            r, "U0BOB", seen, START, day, DECISION, list(audit_events.events_of(db, r.id)), required=1
        ),
        lambda r: placement.dial(
            r, START, DECISION, list(audit_events.events_of(db, r.id)), frozen=False, required=1
        ),
        lambda r: placement.conclude(r, answer, START, RETRY),
        lambda r: on_status(r, StatusAnswer(PollResult.STATUS, "failed", "Paula was out"), START, KEPT),
    ]
    for decide in steps:
        stands = moves.find(db, request.id)
        move = decide(stands)
        assert move is not None
        moves.apply(db, stands, move)
    told(db, request, "thread", "1.2")
    return moves.find(db, request.id)


def told(db: sqlite_utils.Database, request: CallRequest, kind: str, ts: str) -> None:
    sent = {"at": START.isoformat(), "ts": ts, "id": request.id, "kind": kind}
    db.execute("UPDATE call_requests SET card_ts = '1.1'")
    db.execute(
        "UPDATE outbox SET sent_at = :at, message_ts = :ts WHERE call_request_id = :id AND kind = :kind"
        " AND sent_at IS NULL",
        sent,
    )
    details = {"kind": kind, "channel": request.channel, "ts": ts}
    moves.note(db, request.id, Event.TOLD, CALLGATE, START, details)


def database(path: Path) -> sqlite_utils.Database:
    db = sqlite_utils.Database(sqlite3.connect(path, isolation_level=None))
    migrations.apply(db)
    return db


def older(path: Path, *, deleted: bool = False) -> Path:
    """The same life under an older release, brought up to date since."""
    db = database(path.with_suffix(".new"))
    request = live(db)
    if deleted:
        forget_request(db, request, CALLGATE, START)
    old = old_database(path, before="m0016_record")
    for table in ("call_requests", "dial_attempts", "outbox", "policies"):
        for row in db.query(f"SELECT * FROM {table}"):
            put(old, table, row)
    number, previous = 0, "0" * 64
    for event in audit_events.events(db):
        if event.event in {"told", "details_deleted"}:
            continue
        number += 1
        kept = {name: value for name, value in json.loads(event.details).items() if name not in NEW}
        event = replace(event, id=number, previous_sha256=previous, details=json.dumps(kept))
        previous = event.hashed()
        put(old, "audit_events", vars(replace(event, sha256=previous)))
    db.close()
    migrations.apply(old)
    old.close()
    return path


def written(path: Path, output: Path) -> Path:
    with read_only(path) as db:
        (row,) = db.query("SELECT id FROM call_requests")
        write_evidence(db, row["id"], output, zipped=False)
    return output


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return written(older(tmp_path / "old.db"), tmp_path / "evidence")


@pytest.fixture
def purged(tmp_path: Path) -> Path:
    db = database(tmp_path / "new.db")
    request = live(db)
    forget_request(db, request, CALLGATE, START)
    db.close()
    return written(tmp_path / "new.db", tmp_path / "evidence")


def changed(folder: Path, part: str, name: str, value: Any) -> list[str]:
    """What is found when a field of the request is made another one, and all else is made to fit."""
    request = read(folder, REQUEST)
    assert request[part].get(name) != value
    request[part][name] = value
    write(folder, REQUEST, request)
    remake(folder)
    return problems(folder)


def test_an_older_request_is_checked_by_what_was_recorded(old: Path) -> None:
    """It holds, and every field of which that record has nothing is named."""
    status, said = checked(old)
    assert status == 0, said
    assert "An older release began this request" in said
    for silent in (
        '"now": card_ts, dial_expires_at, end_reason.\n',
        "attempts.json, 1: message.\n",
        "slack.json: 1.1, 1.2.\n",
    ):
        assert silent in said
    (submitted,) = [line for line in said.splitlines() if '"submitted"' in line]
    assert "why" in submitted and "purpose" in submitted and "to_number" not in submitted
    assert [message["ts"] for message in read(old, "slack.json")] == ["1.1", "1.2"]


OLD_FIELDS = [
    ("submitted", "requester", "U0EVE"),
    ("submitted", "created_at", "2026"),
    ("submitted", "to_number", "+16176451985"),
    ("submitted", "payload_sha256", "0"),
    ("now", "approved_by", "U0EVE"),
    ("now", "approved_at", "2026"),
    ("now", "approved_sha256", "0"),
    ("now", "approvals", []),
    ("now", "status", "succeeded"),
    ("now", "call_sid", "OUT-2"),
    ("now", "call_status", "succeeded"),
    ("now", "placed_at", "2026"),
    ("now", "finished_at", "2026"),
    ("now", "ended_by", "U0EVE"),
    ("now", "attempts", 2),
    ("now", "reminders", 1),
    ("now", "decision", {}),
    ("now", "forgotten_at", "2001-01-01T00:00:00.000000+00:00"),
]


@pytest.mark.parametrize(("part", "name", "value"), OLD_FIELDS)
def test_what_an_older_release_did_record_is_held_against_it(
    old: Path, part: str, name: str, value: Any
) -> None:
    """What follows from who did what when, also without a hash of the whole."""
    assert any(
        each.startswith(("request.json", "payload.json", "The record"))
        for each in changed(old, part, name, value)
    )


def test_the_hours_of_an_older_policy_are_those_of_the_upgrade(old: Path) -> None:
    """The event of the upgrade has the hashes of the policies before it, and cannot be left out."""
    says = "policies.json: a policy does not say what it said when it was adopted."
    policy = (old / "policies.json").read_text()
    (old / "policies.json").write_text(policy.replace("1260", "1380", 1))
    remake(old)
    assert says in problems(old)
    (old / "policies.json").write_text(policy)
    events = (old / "audit/policies.jsonl").read_text().splitlines(keepends=True)
    (old / "audit/policies.jsonl").write_text(events[0])
    remake(old)
    assert says in problems(old)


def test_a_deletion_by_an_older_release_is_believed_only_where_it_can_be(tmp_path: Path) -> None:
    """That release recorded how many requests lost their details, and not which: the check says so."""
    folder = written(older(tmp_path / "old.db", deleted=True), tmp_path / "evidence")
    status, said = checked(folder)
    assert status == 0 and '"now": card_ts, dial_expires_at, forgotten_at' in said, said
    assert changed(folder, "now", "forgotten_at", "2999-01-01T00:00:00.000000+00:00") == [
        "The record knows of no deletion of these details."
    ]


def test_what_was_refused_before_is_on_the_page(tmp_path: Path) -> None:
    """Who asked for a call to the number before, as what, and which rules refused it; and it holds."""
    refusal = EarlierRefusal(by="U0EVE", at=START, purpose=Purpose.MARKETING, rules=("consent", "time_zone"))
    db = database(tmp_path / "new.db")
    live(db, refused_before=(refusal,))
    db.close()
    folder = written(tmp_path / "new.db", tmp_path / "evidence")
    page = (folder / "index.html").read_text()
    assert "<h2>Asked for before, and refused</h2>" in page
    assert "<td>U0EVE</td>" in page and "<td>marketing</td><td>consent, time zone</td>" in page
    assert problems(folder) == []


def test_too_few_approvals_are_named(tmp_path: Path) -> None:
    """A record in which one person approved what needed two does not pass, whoever made it fit."""
    db = database(tmp_path / "new.db")
    request = live(db)
    needed = request.model_copy(update={"approvals_raised_to": 2})
    db.execute("UPDATE call_requests SET approvals_raised_to = 2")
    details = {"state_sha256": state_sha256(needed)}
    moves.note(db, request.id, Event.REVIEWED, "U0BOB", START, details)
    db.close()
    found = problems(written(tmp_path / "new.db", tmp_path / "evidence"))
    assert found == ["Fewer people approved this than had to."]


def test_deleted_details_leave_hashes_and_the_check_says_so(purged: Path) -> None:
    """It holds, names what is left unchecked, and there is nothing personal in it."""
    status, said = checked(purged)
    assert status == 0 and "only hashes are left of them" in said, said
    (left,) = [line for line in said.splitlines() if "Not checked" in line]
    assert '"submitted"' in left and "why" in left and "requester" not in left
    texts = b"".join(path.read_bytes() for path in purged.rglob("*") if path.is_file())
    assert NUMBER.encode() not in texts and b"Paula" not in texts


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("submitted", "requester", "U0EVE"),
        ("submitted", "payload_sha256", "0"),
        ("submitted", "created_at", "2026"),
        ("now", "forgotten_at", "2026"),
        ("now", "end_reason", "They agreed"),
        ("now", "decision", {}),
        ("now", "dial_expires_at", "2026"),
        ("now", "approved_by", "U0EVE"),
    ],
)
def test_a_deleted_request_still_follows_from_the_record(
    purged: Path, part: str, name: str, value: Any
) -> None:
    """Who, when, and how it stands; and nothing is added to what was deleted."""
    assert changed(purged, part, name, value)


def test_nothing_takes_the_place_of_what_was_deleted(purged: Path) -> None:
    """Neither a payload nor an answer; and the deletion is not taken back."""
    (purged / "payload.json").write_text('{"metadata": {}}')
    remake(purged)
    assert "payload.json is here, though deleted." in problems(purged)
    (purged / "payload.json").unlink()
    (row,) = read(purged, "attempts.json")
    write(purged, "attempts.json", [{**row, "answer": "made up"}])
    remake(purged)
    assert problems(purged) == ["Dial attempt 1: the record says otherwise of answer_sha256."]
    write(purged, "attempts.json", [row])
    request = read(purged, REQUEST)
    del request["now"]["forgotten_at"]
    write(purged, REQUEST, request)
    remake(purged)
    assert "request.json: the record says otherwise of forgotten_at." in problems(purged)
