"""Whatever is personal is deleted when somebody is forgotten; what stays is named here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlite_utils

from bot.domain import placement
from bot.domain.answer import Answer, Conclusion
from bot.domain.ask import Audience, marks
from bot.domain.call_request import CallRequest
from bot.domain.forgetting import personal_fields
from bot.slack.show.card import card
from bot.slack.show.review import review
from storage.calls import moves
from storage.migrations import migrations
from storage.retention.forgetting import forget_request
from tests.support.clock import START
from tests.support.requests import a_request, claim, yes

STAYS = {
    "call_requests": """
        id form_id status requester channel origin_channel card_ts card_sha256 region number_type purpose
        encryption consent_kind consent_text payload_sha256 created_at approval_expires_at approvals
        approvals_required approvals_raised_to remind_at reminders approved_by approved_at approved_sha256
        dial_expires_at ended_by dial_after lease_until attempts call_sid reported_call_sid call_status
        placed_at finished_at forgotten_at
    """,
    "dial_attempts": """
        id call_request_id started_at payload_sha256 answered_at conclusion http_status call_sid
        correlation_id
    """,
    "outbox": """
        id call_request_id channel kind name created_at due_at sent_at message_ts tries error dead_at
    """,
}
"""Who asked and who decided, when and for what purpose, the status, and the hashes."""

DELETED = {
    "call_requests": set(personal_fields()),
    "dial_attempts": {"message", "answer"},
    "outbox": {"data"},
}
OF_NO_REQUEST = {
    "audit_events", "counts", "freezes", "freeze_lifts", "installation", "policies", "suppressions",
    "suppression_removals", "_sqlite_migrations",
}  # fmt: skip
"""The record has only hashes of what is personal; a suppressed number becomes one (test_keeping.py)."""

CANARY = "Paula4711"
RETRY = placement.Retry(lambda _: 1.0, failed_to_place=True)


@pytest.fixture
def db() -> Iterator[sqlite_utils.Database]:
    db = sqlite_utils.Database(memory=True)
    migrations.apply(db)
    yield db
    db.close()


def told_of_paula() -> CallRequest:
    """A request in which every text that is personal names her, but for the number."""
    values: dict[str, Any] = {name: CANARY for name, mark in marks() if mark.personal}
    del values["to_number"], values["not_before"]
    return a_request(**{**values, "zone": "America/Denver", "metadata": {"patient": CANARY}})


def test_every_column_is_deleted_or_named_as_staying(db: sqlite_utils.Database) -> None:
    """A new field or table has to be thought about here, before anybody can store it."""
    tables = {table.name: set(table.columns_dict) for table in db.tables}
    assert set(tables) == {*STAYS, *OF_NO_REQUEST}
    for table, stays in STAYS.items():
        assert tables[table] == DELETED[table] | set(stays.split()), table
        assert not DELETED[table] & set(stays.split()), table


def test_every_field_of_a_request_is_a_column(db: sqlite_utils.Database) -> None:
    """And what Slack shows of the card is the one column that no decision looks at."""
    assert set(db["call_requests"].columns_dict) == {*CallRequest.model_fields, "card_sha256"}


def test_nothing_that_names_the_person_stays(db: sqlite_utils.Database) -> None:
    """Approved, dialed and answered, and all of it forgotten: no row has the name or the number."""
    request = told_of_paula()
    moves.insert(db, request)
    answer = Answer(Conclusion.REFUSED, CANARY, None, 400, "c-1", body=CANARY)
    for decide in (yes, claim, lambda r: placement.conclude(r, answer, START, RETRY)):
        stands = moves.find(db, request.id)
        moves.apply(db, stands, decide(stands))
    assert CANARY in everything(db) and request.to_number in everything(db)
    forget_request(db, moves.find(db, request.id), "callgate", START)
    assert CANARY not in everything(db) and request.to_number not in everything(db)
    assert moves.find(db, request.id).to_number == "+1"


def everything(db: sqlite_utils.Database) -> str:
    return repr([list(table.rows) for table in db.tables])


def test_the_card_shows_what_the_channel_may_see_and_review_shows_all() -> None:
    """Each value that is for Review alone is there, and on no card."""
    shown = {name: f"{name} {CANARY}" for name, mark in marks() if mark.line}
    request = a_request(**shown, zone="America/Denver", metadata={"patient": CANARY})
    on_card, in_review = repr(card(request)), repr(review(request))
    for name, mark in marks():
        if mark.line:
            assert shown[name] in in_review and f"'{mark.label}: '" in in_review
            assert (shown[name] in on_card) == (mark.seen_by is Audience.CHANNEL)
    assert CANARY not in on_card.replace(shown["why"], "") and request.to_number not in on_card
