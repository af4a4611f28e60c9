"""What people read in Slack: sentences that are true for whoever reads them, and go on being true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.domain import approval
from bot.domain.call_request import Approval, CallRequest, EarlierRefusal
from bot.domain.errors import NotAllowed
from bot.domain.move import Line
from bot.domain.policy.decision import Decision, LocalTime
from bot.domain.policy.tzdb import zone
from bot.domain.states import Status
from bot.slack.show.card import card
from bot.slack.show.review import review
from bot.slack.show.thread_lines import thread_line
from sandbox.slack.block_kit.reading import text_of
from tests.support.clock import START
from tests.support.requests import a_request, waits_until

NIGHT = START + timedelta(hours=9)
BOSTON = "America/New_York"
REFUSED = EarlierRefusal(by="U0EVE", at=START, purpose="marketing", rules=("consent",))
LINES = [
    Line("waits", {"until": NIGHT.timestamp(), "reasons": ["It is night."], "there": ""}),
    Line("waits", {"until": NIGHT.timestamp(), "reasons": ["It is night."]}),
    Line("reminder", {"users": ["U0BOB"], "groups": [], "expires": NIGHT.timestamp()}),
]


def decided(at: datetime = START, **changes: Any) -> Decision:
    """What the policy says of a call to Boston."""
    there = LocalTime(zone=BOSTON, at=at.astimezone(zone(BOSTON)))
    hours = ("*: every day 08:00-21:00 (our own choice)",)
    values = {"zones": (BOSTON,), "earliest": there, "latest": there, "hours": hours, "next_allowed": at}
    return Decision(at=at, policy="rules for tests", **{**values, **changes})


def shown(request: CallRequest) -> str:
    return text_of(card(request).blocks)


def before_dates(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """The words that stand before each moment."""
    for block in blocks:
        for part in block.get("elements", []):
            words = part.get("text", "")
            if isinstance(words, str):
                yield from re.findall(r"([^·]*)<!date", words)
            pieces = part.get("elements", [])
            yield from (a.get("text", "") for a, b in pairwise(pieces) if b["type"] == "date")


@pytest.mark.parametrize("status", Status)
def test_no_word_before_a_moment_doubles_what_slack_writes(status: Status) -> None:
    """Slack writes "today at 11:30 PM" or "Aug 26, 2026 at …": no "at", "on" or "before" of ours fits."""
    request = a_request(
        status=status,
        decision=waits_until(NIGHT).model_copy(update={"zones": (BOSTON,)}),
        refused_before=(REFUSED,),
        not_before=NIGHT,
        approvals=(Approval(by="U0BOB", at=START),),
        dial_expires_at=NIGHT,
        ended_by="U0EVE",
        finished_at=START,
    )
    deleted = request.model_copy(update={"forgotten_at": START})
    blocks = [*card(request).blocks, *review(request)["blocks"], *card(deleted).blocks]
    blocks += [block for line in LINES for block in thread_line(line).blocks]
    found = [words.rstrip() for words in before_dates(blocks)]
    assert len(found) > 6
    assert not [words for words in found if re.search(r"\b(at|on|before|in)$", words)]


def test_who_may_not_cancel_is_told_nothing_that_they_may_not_do_either() -> None:
    """Anybody can press Cancel: that an approver can deny is said of approvers, and only while they can."""
    with pytest.raises(NotAllowed) as pending:
        approval.cancel(a_request(), "U0EVE", START)
    assert str(pending.value) == "Only the requester, <@U0ALICE>, can cancel this. An approver can deny it."
    with pytest.raises(NotAllowed) as approved:
        approval.cancel(a_request(status=Status.APPROVED), "U0EVE", START)
    assert str(approved.value) == "Only the requester, <@U0ALICE>, can cancel this."


@pytest.mark.parametrize(
    ("required", "given", "said"),
    [
        (2, 0, "2 people have to approve this."),
        (2, 1, "Approved by 1 of 2 people; one more is needed."),
        (4, 1, "Approved by 1 of 4 people; 3 more are needed."),
    ],
)
def test_the_card_says_how_many_approvals_are_missing(required: int, given: int, said: str) -> None:
    """In a paragraph of its own, and in the notification."""
    approvals = tuple(Approval(by=f"U0BOB{each}", at=START) for each in range(given))
    request = a_request(approvals_required=required, approvals=approvals)
    assert said in shown(request).splitlines() and said in card(request).text


def test_nothing_is_said_of_missing_approvals_where_none_is_missing() -> None:
    """Where one is enough, and where all are there."""
    approvals = tuple(Approval(by=each, at=START) for each in ("U0BOB", "U0EVE"))
    for request in (
        a_request(),
        a_request(status=Status.APPROVED, approvals_required=2, approvals=approvals),
    ):
        assert "needed" not in shown(request) and "have to approve" not in shown(request)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (["*: every day 08:00-21:00 (ours)"], "every day 08:00-21:00"),
        (["US: every day 08:00-21:00 (a law)"], "United States: every day 08:00-21:00"),
        (
            ["*: every day 08:00-21:00 (ours)", "US-FL: Mon-Fri 08:00-20:00, Sat none (a law)"],
            "elsewhere: every day 08:00-21:00; Florida: Mon-Fri 08:00-20:00, Sat none",
        ),
        (["CA-?: every day 09:00-20:00 (a law)"], "Canada where the state or province is not known: "),
        (["CA-BC: every day 09:00-20:00 (a law)"], "British Columbia: every day 09:00-20:00"),
    ],
)
def test_the_place_of_a_rule_is_said_in_words(rules: list[str], said: str) -> None:
    """No code of a place, and no word for a place where the rule holds everywhere."""
    words = shown(a_request(decision=decided(hours=tuple(rules))))
    assert f"Hours: {said}" in words and "anywhere" not in words


def test_the_recipients_time_says_when_it_was() -> None:
    """The card stands still: it names the moment at which it was that time there."""
    asked = shown(a_request(decision=decided()))
    assert "Recipient's time when this was asked for: 11:00 in America/New York" in asked
    later = decided(START + timedelta(hours=1))
    checked = shown(a_request(decision=later, approvals=(Approval(by="U0BOB", at=later.at),)))
    assert "Recipient's time when the rules were last checked: 12:00 in America/New York" in checked


def test_a_wanted_time_is_shown_on_the_recipients_clock_too() -> None:
    """On the card, in Review and in the thread; the reader's own clock is Slack's to show."""
    there = "Tue 25 Aug, 10:00 where the recipient is"
    wanted = datetime(2026, 8, 25, 14, tzinfo=UTC)
    request = a_request(not_before=wanted, decision=decided(next_allowed=wanted))
    assert f"Not before: 2026-08-25 14:00 UTC ({there})" in shown(request)
    assert f"({there})" in text_of(review(request)["blocks"])
    decision = waits_until(wanted).model_copy(update={"zones": (BOSTON,)})
    assert f"({there})" in shown(a_request(decision=decision))
    (line,) = approval.waiting(decision)
    told = thread_line(line).text
    assert told == f"It waits, and is dialed 2026-08-25 14:00 UTC ({there}). It is night."


def test_a_recipient_in_several_zones_has_several_times() -> None:
    """The earliest and the latest are named."""
    wanted = datetime(2026, 8, 25, 14, tzinfo=UTC)
    zones = ("America/Chicago", BOSTON)
    request = a_request(decision=waits_until(wanted).model_copy(update={"zones": zones}))
    assert "(between Tue 25 Aug, 09:00 and Tue 25 Aug, 10:00 where the recipient is)" in shown(request)
