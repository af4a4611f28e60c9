"""The promises, each written once: held against what the database says, and what PolyAI and Slack saw.

`always` has those that hold at any moment, `reckon` also those that hold when everything has settled.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.domain.call_request import CallRequest, ShownRequest, sha256_of
from bot.domain.events import Event
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
from storage.record import audit_events, chain_check
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
NOT_ON_THE_CARD = {Event.REVIEWED, Event.TOLD, Event.DETAILS_DELETED}
"""Events after which the card stays as it is."""


@dataclass(frozen=True)
class Sent:
    """A POST as PolyAI had it, whether a phone rang, and whether its answer allows another POST."""

    body: bytes
    rang: bool
    may_be_repeated: bool
    answer: str = ""


Calls = Mapping[str, Sequence[Sent]]
"""What PolyAI had, in order, by the id of the call request."""


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
    chain: list[str] = field(default_factory=list)
    copies: list[Message] = field(default_factory=list)

    @property
    def broken(self) -> list[str]:
        """Everything that must not be."""
        calls = [*self.lost, *self.forgotten, *self.doubled, *self.payloads]
        return [*calls, *self.cards, *self.threads, *self.audit, *self.chain, *self.edited]


class Books:
    """The database, read in one go."""

    def __init__(self, database: Path) -> None:
        self.database = database
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.row_factory = sqlite3.Row

            def table(name: str) -> list[Row]:
                return [dict(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY rowid")]

            frozen = any(row["lifted_at"] is None for row in table("freezes"))
            listed = dict(connection.execute("SELECT number, added_by FROM suppressions").fetchall())
            self.requests = [_shown(row, listed, frozen=frozen) for row in table("call_requests")]
            self.events = _by_request(table("audit_events"))
            self.items = _by_request(table("outbox"))


def _shown(row: Row, listed: Mapping[str, str], *, frozen: bool) -> CallRequest:
    by = listed.get(row["to_number"])
    return ShownRequest(**dict(to_request(row)), dialing_frozen=frozen, suppressed_by=by)


def always(books: Books, calls: Calls, edited: Mapping[str, int] | None = None) -> Reckoning:
    """What holds at any moment, whatever is under way.

    `edited` has the requests that somebody changed in the database, and how often each was sent before.
    """
    found, before = Reckoning(), edited or {}
    found.edited += _missed(books, set(before))
    found.chain += _unchained(books)
    for request in books.requests:
        sent = calls.get(request.id, ())
        if request.id in before:
            found.edited += [f"{request.id} was dialed as edited"] if len(sent) > before[request.id] else []
            continue
        found.doubled += _doubled(request, sent)
        found.lost += _rang_for_nothing(request, sent)
        found.payloads += _changed(request, sent)
        found.audit += _gaps(request, books.events[request.id])
        found.threads += _not_to_be_told(request, books)
    strangers = calls.keys() - {request.id for request in books.requests}
    found.lost += [f"{stranger} was sent and is in no record" for stranger in strangers]
    return found


def reckon(
    database: Path, slack: EmulatedSlack, polyai: EmulatedPolyAI, edited: Mapping[str, int] | None = None
) -> Reckoning:
    """Hold everything that happened against the promises, after it has settled; `edited` as in `always`."""
    books, before = Books(database), edited or {}
    found = always(books, _calls(polyai), before)
    cards = _cards(books, slack)
    for request in (each for each in books.requests if each.id not in before):
        found.lost += _unsettled(request)
        found.cards += _disagreeing(request, slack)
        found.threads += _untold(request, books.items[request.id], slack)
        found.copies += [copy for copy in cards[request.id] if copy.ts != request.card_ts]
    found.forgotten += _forgotten(books, slack)
    found.audit += _not_evident(books, set(before))
    return found


def _missed(books: Books, edited: set[str]) -> list[str]:
    """Edited rows that a check does not find, and rows found that nobody edited."""
    with read_only(books.database) as db:
        found = {said: said.partition(":")[0] for said in check_rows(db)}
    missed = [f"{each} was edited, and the check does not find it" for each in edited - set(found.values())]
    return [*missed, *(said for said, about in found.items() if about not in edited)]


def _unchained(books: Books) -> list[str]:
    """Audit events that are not as their chain of hashes says."""
    with read_only(books.database) as db:
        return [fault.sentence for fault in chain_check.check(audit_events.events(db)).faults]


def _forgotten(books: Books, slack: EmulatedSlack) -> list[str]:
    """Forms that closed when they were submitted, as they do when they are taken, and are in no record."""
    known = {request.form_id for request in books.requests}
    taken = [sent.payload["view"] for sent in slack.deliveries if _closed_a_form(sent)]
    return [f"form {view['id']} was taken and forgotten" for view in taken if view["id"] not in known]


def _closed_a_form(sent: Delivered) -> bool:
    view = sent.payload.get("view") or {}
    submitted = sent.payload.get("type") == "view_submission" and view.get("callback_id") == CALL_FORM
    return submitted and sent.ack.ok and not sent.ack.payload


def _doubled(request: CallRequest, sent: Sequence[Sent]) -> list[str]:
    rings = sum(post.rang for post in sent)
    found = [f"{request.id} rang {rings} times"] if rings > 1 else []
    if len(sent) > request.attempts:
        found.append(f"{request.id} was sent {len(sent)} times, on record are {request.attempts}")
    again = [before for before, _ in pairwise(sent) if before.rang or not before.may_be_repeated]
    return [*found, *(f"{request.id} was sent again after {before.answer}" for before in again)]


def _rang_for_nothing(request: CallRequest, sent: Sequence[Sent]) -> list[str]:
    if any(post.rang for post in sent) and request.status not in MAY_HAVE_RUNG:
        return [f"{request.id} is {request.status}, and its phone rang"]
    return []


def _unsettled(request: CallRequest) -> list[str]:
    if TRANSITIONS[request.status] and request.status not in WAITS_FOR_A_PERSON:
        return [f"{request.id} is still {request.status}"]
    return []


def _changed(request: CallRequest, sent: Sequence[Sent]) -> list[str]:
    found = []
    if (sent and request.approved_by is None) or request.approved_by == request.requester:
        found.append(f"{request.id} was approved by {request.approved_by}, asked for by {request.requester}")
    hashes = {request.approved_sha256, request.payload_sha256, sha256_of(request.payload)}
    if request.approved_by is not None and len(hashes) > 1:
        found.append(f"{request.id} is not as it was approved")
    if any(post.body != request.payload or sha256_of(post.body) != request.approved_sha256 for post in sent):
        found.append(f"{request.id} was not sent as it was approved")
    return found


def _gaps(request: CallRequest, events: list[Row]) -> list[str]:
    stands: str | None = None
    for event in events:
        before, after = event["status_before"], event["status_after"]
        ways = [None] if before is None else [before, *TRANSITIONS[Status(before)]]
        if before != stands or (before is not None and after not in ways):
            return [f"{request.id}: {event['event']} leads from {before} to {after}, and it was {stands}"]
        stands = after
    return [] if stands == request.status else [f"{request.id} is {request.status}, the record says {stands}"]


def _not_to_be_told(request: CallRequest, books: Books) -> list[str]:
    """Each change brings the card up to date, and where the request has got to is told in the thread."""
    kinds, found = Counter(item["kind"] for item in books.items[request.id]), []
    events = [event["event"] for event in books.events[request.id]]
    changes = [event for event in events if event not in NOT_ON_THE_CARD]
    if kinds["card"] < len(changes):  # a late click, a reminder and a freeze have it drawn once more
        found.append(f"{request.id}: {kinds['card']} edits of its card for {changes}")
    if request.status not in {Status.PENDING_APPROVAL, Status.DIALING} and not kinds["thread"]:
        found.append(f"{request.id} is {request.status}, and its thread is not told anything")
    return found


def _not_evident(books: Books, edited: set[str]) -> list[str]:
    """The evidence of a request says what its record says, and only then; of many, that of the newest."""
    found: list[str] = []
    for request in books.requests[-MAX_EVIDENCE:]:
        with read_only(books.database) as db, tempfile.TemporaryDirectory() as folder:
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


def card_of(message: Message) -> str | None:
    """The request whose card it is, by its footer: other requests to the number are named on a card too."""
    footer = re.search(r"`([^`]+)` · asked", message.plain)
    return footer[1] if footer else None


def _cards(books: Books, slack: EmulatedSlack) -> dict[str, list[Message]]:
    """Every card in the requests' channels, by its request."""
    found: dict[str, list[Message]] = defaultdict(list)
    for channel in {request.channel for request in books.requests}:
        for message in slack.workspace.messages.top_level(channel):
            if message.user == slack.bot_user_id and (request := card_of(message)):
                found[request].append(message)
    return found


def _calls(polyai: EmulatedPolyAI) -> Calls:
    """What the emulated PolyAI had."""
    found: dict[str, list[Sent]] = defaultdict(list)
    for post in polyai.posts:
        sent = Sent(post.body, post.call_sid is not None, _says_not_placed(post), post.fault or str(post))
        found[json.loads(post.body)["metadata"][REQUEST_ID_KEY]].append(sent)
    return found


def _says_not_placed(post: Post) -> bool:
    """By one of those numbers, with the contract's body and PolyAI's id."""
    try:
        said = json.loads(post.answer_body or b"")
    except ValueError:
        return False
    itself = CORRELATION_HEADER in post.answer_headers and isinstance(said, dict) and "error" in said
    return itself and post.answer_status in SURELY_NOT_PLACED


def _by_request(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["call_request_id"]].append(row)
    return found
