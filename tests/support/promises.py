"""The promises, held against what both emulators saw and what the database says."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.domain.call_request import CallRequest, ShownRequest, sha256_of
from bot.domain.metadata import REQUEST_ID_KEY
from bot.domain.states import TRANSITIONS, Status
from bot.ops.evidence.bundle import write_evidence
from bot.ops.evidence.check import Evidence
from bot.slack.show.card import card
from bot.slack.show.ids import CALL_FORM
from sandbox.polyai.server import CORRELATION_HEADER, EmulatedPolyAI, Post
from sandbox.slack.block_kit.reading import buttons_of, text_of
from sandbox.slack.delivery import Delivered
from sandbox.slack.model import Message
from sandbox.slack.server import EmulatedSlack
from storage.database.opening import read_only
from storage.record.row_check import check_rows
from storage.rows import to_request

Row = dict[str, Any]

SURELY_NOT_PLACED = {400, 401, 403, 404, 429, 500}
"""Numbers after which no phone rings, where PolyAI itself says them."""

MAY_HAVE_RUNG = {
    Status.PLACED, Status.SUCCEEDED, Status.FAILED, Status.STATUS_LOST, Status.UNCONFIRMED, Status.CLOSED,
}  # fmt: skip
MAX_EVIDENCE = 50
WAITS_FOR_A_PERSON = {Status.PENDING_APPROVAL, Status.UNCONFIRMED}


@dataclass
class Reckoning:
    """What was found, a sentence each; every list but `copies` has to be empty."""

    lost: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    audit: list[str] = field(default_factory=list)
    payloads: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    copies: list[Message] = field(default_factory=list)

    @property
    def broken(self) -> list[str]:
        """Everything that must not be."""
        calls = [*self.lost, *self.forgotten, *self.doubled, *self.payloads]
        return [*calls, *self.cards, *self.threads, *self.audit, *self.edited]


class Books:
    """The database, read in one go after everything has settled."""

    def __init__(self, database: Path) -> None:
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.row_factory = sqlite3.Row

            def table(name: str) -> list[Row]:
                return [dict(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY rowid")]

            rows = table("call_requests")
            self.card_ts = {row["id"]: row["card_ts"] for row in rows}
            frozen = any(row["lifted_at"] is None for row in table("freezes"))
            listed = dict(connection.execute("SELECT number, added_by FROM suppressions").fetchall())
            self.requests = [_shown(row, listed, frozen=frozen) for row in rows]
            self.events = _by_request(table("audit_events"))
            self.items = _by_request(table("outbox"))


def _shown(row: Row, listed: Mapping[str, str], *, frozen: bool) -> CallRequest:
    by = listed.get(row["to_number"])
    return ShownRequest(**dict(to_request(row)), dialing_frozen=frozen, suppressed_by=by)


def reckon(
    database: Path, slack: EmulatedSlack, polyai: EmulatedPolyAI, edited: Mapping[str, int] | None = None
) -> Reckoning:
    """Hold everything that happened against the promises.

    `edited` has the requests that somebody changed in the database, and how often each was sent before.
    """
    books, found, before = Books(database), Reckoning(), edited or {}
    posts = _posts_by_request(polyai)
    found.edited += _missed(database, set(before))
    for request in books.requests:
        sent = posts.pop(request.id, [])
        if request.id in before:
            found.edited += [f"{request.id} was dialed as edited"] if len(sent) > before[request.id] else []
            continue
        found.doubled += _doubled(request, sent)
        found.lost += _lost(request, sent)
        found.payloads += _changed(request, sent)
        found.audit += _gaps(request, books.events[request.id])
        found.cards += _disagreeing(request, slack)
        found.threads += _untold(request, books.items[request.id], slack)
        found.copies += [copy for copy in _cards_of(request, slack) if copy.ts != request.card_ts]
    found.forgotten += _forgotten(books, slack)
    found.audit += _not_evident(database, books.requests, set(before))
    found.lost += [f"{stranger} was sent and is in no record" for stranger in posts]
    return found


def _missed(database: Path, edited: set[str]) -> list[str]:
    """Edited rows that a check does not find, and rows found that nobody edited."""
    with read_only(database) as db:
        found = {said.partition(":")[0] for said in check_rows(db)}
    return [f"{each} is {'not ' if each in edited else ''}found by the check" for each in found ^ edited]


def _forgotten(books: Books, slack: EmulatedSlack) -> list[str]:
    """Forms that closed when they were submitted, as they do when they are taken, and are in no record."""
    known = {request.form_id for request in books.requests}
    taken = [sent.payload["view"] for sent in slack.deliveries if _closed_a_form(sent)]
    return [f"form {view['id']} was taken and forgotten" for view in taken if view["id"] not in known]


def _closed_a_form(sent: Delivered) -> bool:
    view = sent.payload.get("view") or {}
    submitted = sent.payload.get("type") == "view_submission" and view.get("callback_id") == CALL_FORM
    return submitted and sent.ack.ok and not sent.ack.payload


def _doubled(request: CallRequest, posts: list[Post]) -> list[str]:
    rings = sum(post.call_sid is not None for post in posts)
    found = [f"{request.id} rang {rings} times"] if rings > 1 else []
    for before, after in pairwise(posts):
        if before.call_sid is not None or not _says_not_placed(before):
            found.append(f"{request.id} was sent at {after.at} again after {before.fault or before}")
    return found


def _says_not_placed(post: Post) -> bool:
    """By one of those numbers, with the contract's body and PolyAI's id."""
    try:
        said = json.loads(post.answer_body or b"")
    except ValueError:
        return False
    itself = CORRELATION_HEADER in post.answer_headers and isinstance(said, dict) and "error" in said
    return itself and post.answer_status in SURELY_NOT_PLACED


def _lost(request: CallRequest, posts: list[Post]) -> list[str]:
    if TRANSITIONS[request.status] and request.status not in WAITS_FOR_A_PERSON:
        return [f"{request.id} is still {request.status}"]
    if any(post.call_sid for post in posts) and request.status not in MAY_HAVE_RUNG:
        return [f"{request.id} is {request.status}, and its phone rang"]
    return []


def _changed(request: CallRequest, posts: list[Post]) -> list[str]:
    if posts and request.approved_by in (None, request.requester):
        return [f"{request.id} was sent without a second person"]
    if any(post.body != request.payload or sha256_of(post.body) != request.approved_sha256 for post in posts):
        return [f"{request.id} was not sent as it was approved"]
    return []


def _gaps(request: CallRequest, events: list[Row]) -> list[str]:
    stands: str | None = None
    for event in events:
        before, after = event["status_before"], event["status_after"]
        ways = [None] if before is None else [before, *TRANSITIONS[Status(before)]]
        if before != stands or (before is not None and after not in ways):
            return [f"{request.id}: {event['event']} leads from {before} to {after}, and it was {stands}"]
        stands = after
    return [] if stands == request.status else [f"{request.id} is {request.status}, the record says {stands}"]


def _not_evident(database: Path, requests: list[CallRequest], edited: set[str]) -> list[str]:
    """The evidence of a request says what its record says, and only then; of many, that of the newest."""
    found: list[str] = []
    for request in requests[-MAX_EVIDENCE:]:
        with read_only(database) as db, tempfile.TemporaryDirectory() as folder:
            write_evidence(db, request.id, Path(folder, "evidence"), zipped=False)
            wrong = Evidence(Path(folder, "evidence")).found()
        if request.id not in edited:
            found += [f"{request.id}: {each}" for each in wrong]
        elif not wrong:
            found.append(f"The evidence of {request.id} does not show that it was edited")
    return found


def _disagreeing(request: CallRequest, slack: EmulatedSlack) -> list[str]:
    if request.forgotten_at is not None:
        return []  # what Slack shows is Slack's to keep, and is not edited any more
    if (request.channel, request.card_ts) in slack.workspace.messages.deleted:
        return []  # somebody deleted it, and nothing has happened since that would have shown that
    shown = slack.workspace.messages.find(request.channel, request.card_ts or "")
    if shown is None:
        return [f"{request.id} has no card"]
    said = f"{request.id} is {request.status}, its card says {shown.plain}"
    return [] if agrees(request, shown) else [said]


def agrees(request: CallRequest, shown: Message) -> bool:
    """Whether the message is the card of the request as it stands."""
    blocks = card(request).blocks
    return text_of(shown.blocks) == text_of(blocks) and buttons_of(shown.blocks) == buttons_of(blocks)


def _untold(request: CallRequest, items: list[Row], slack: EmulatedSlack) -> list[str]:
    """Every line was told, in the thread, in order; or refused by Slack for good."""
    found = [
        f"{request.id}: {item['kind']} {item['name']} was never told"
        for item in items
        if item["sent_at"] is None and item["dead_at"] is None
    ]
    told = [row["message_ts"] for row in items if row["kind"] == "thread" and row["sent_at"]]
    cards = {row["message_ts"] for row in items if row["kind"] == "card"} - {None}
    replies = (slack.workspace.messages.replies(request.channel, ts) for ts in sorted(cards))
    there = [reply.ts for each in replies for reply in each]
    if set(told) - set(there) or told != sorted(told, key=lambda ts: [int(part) for part in ts.split(".")]):
        found.append(f"{request.id}: its thread is {there}, and {told} was told")
    return found


def is_card_of(request: CallRequest, message: Message) -> bool:
    """By its footer: other requests to the number are named on a card too."""
    return f"`{request.id}` · asked" in message.plain


def _cards_of(request: CallRequest, slack: EmulatedSlack) -> list[Message]:
    messages = slack.workspace.messages.top_level(request.channel)
    return [m for m in messages if m.user == slack.bot_user_id and is_card_of(request, m)]


def _posts_by_request(polyai: EmulatedPolyAI) -> dict[str, list[Post]]:
    found: dict[str, list[Post]] = defaultdict(list)
    for post in polyai.posts:
        found[json.loads(post.body)["metadata"][REQUEST_ID_KEY]].append(post)
    return found


def _by_request(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["call_request_id"]].append(row)
    return found
