"""After the placement: PolyAI's status answers, and what people say of an unconfirmed call."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import call_status
from bot.domain.answer import PollResult, StatusAnswer
from bot.domain.call_request import CallRequest
from bot.domain.call_status import CallInProgress
from bot.domain.errors import TooLate
from bot.domain.events import Event
from bot.domain.move import CALLGATE, Move
from bot.domain.states import Status
from tests.support.clock import START
from tests.support.requests import a_request

TICK = timedelta(microseconds=1)
KEPT = timedelta(hours=2)


def placed(**changes: Any) -> CallRequest:
    return a_request(status=Status.PLACED, call_sid="OUT-1", placed_at=START, **changes)


def hear(
    request: CallRequest,
    status: str = "",
    result: PollResult = PollResult.STATUS,
    at: Any = START,
    reason: str = "",
) -> Move | None:
    return call_status.on_status(request, StatusAnswer(result, status, reason), at, KEPT)


@pytest.mark.parametrize(("word", "to"), [("succeeded", Status.SUCCEEDED), ("failed", Status.FAILED)])
def test_a_final_status_ends_the_call(word: str, to: Status) -> None:
    """With PolyAI's reason, where it gives one."""
    move = hear(placed(call_status="ringing"), word, reason="no_answer")
    assert move and (move.to, move.event, move.actor, move.at) == (to, Event(to.value), CALLGATE, START)
    assert move.changes == {"call_status": word, "finished_at": START, "end_reason": "no_answer"}
    assert move.lines[0].data == {"status": word, "reason": "no_answer"}
    assert move.details == {"call_status": word}
    silent = hear(placed(), word)
    assert silent and silent.changes["end_reason"] is None


@pytest.mark.parametrize("word", ["queued", "ringing", "on_hold"])
def test_any_other_status_is_told_and_followed_on(word: str) -> None:
    """Also a word that the contract does not know; the same one again is no news."""
    move = hear(placed(), word)
    assert move and (move.to, move.event, move.changes) == (None, Event.CALL_STATUS, {"call_status": word})
    assert move.lines[0].name == "call_status" and hear(placed(call_status=word), word) is None


def test_no_answer_tells_nothing() -> None:
    """Ask again."""
    assert hear(placed(), result=PollResult.NO_ANSWER, status="succeeded") is None


def test_a_call_that_polyai_does_not_know_is_lost_only_after_its_retention() -> None:
    """Two hours after the placement to the microsecond; without a time of placement, never."""
    lost = hear(placed(call_status="ringing"), result=PollResult.NOT_FOUND, at=START + KEPT)
    assert lost and (lost.to, lost.event, lost.actor) == (Status.STATUS_LOST, Event.STATUS_LOST, CALLGATE)
    assert lost.changes == {"finished_at": START + KEPT}
    assert lost.lines[0].name == "status_lost"
    assert lost.lines[0].data == {"call_status": "ringing"}
    silent = hear(placed(), result=PollResult.NOT_FOUND, at=START + KEPT)
    assert silent and silent.lines[0].data == {"call_status": ""}
    assert hear(placed(), result=PollResult.NOT_FOUND, at=START + KEPT - TICK) is None
    unknown = placed().model_copy(update={"placed_at": None})
    assert hear(unknown, result=PollResult.NOT_FOUND, at=START + KEPT) is None


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.PLACED])
def test_only_a_placed_call_is_followed(status: Status) -> None:
    """What comes for any other is no news."""
    request = placed().model_copy(update={"status": status})
    assert hear(request, "succeeded") is None
    assert hear(request, result=PollResult.NOT_FOUND, at=START + KEPT) is None


@pytest.mark.parametrize("status", Status)
def test_only_an_unconfirmed_call_is_resolved_by_a_person(status: Status) -> None:
    """Found at PolyAI it is placed and followed; closed it has ended; anything else comes too late."""
    request = a_request(status=status, approved_by="U0BOB")
    if status is not Status.UNCONFIRMED:
        with pytest.raises(TooLate):
            call_status.confirm_placed(request, "OUT-1", "U0EVE", START)
        with pytest.raises(TooLate):
            call_status.close(request, "U0EVE", START)
        return
    found = call_status.confirm_placed(request, "OUT-1", "U0EVE", START)
    assert found and (found.to, found.event, found.actor) == (Status.PLACED, Event.CONFIRMED_PLACED, "U0EVE")
    assert found.changes == {"call_sid": "OUT-1", "placed_at": START}
    assert found.details == {"call_sid": "OUT-1"}
    assert found.lines[0].name == "confirmed_placed"
    assert found.lines[0].data == {"by": "U0EVE", "call_sid": "OUT-1"}
    closed = call_status.close(request, "U0EVE", START)
    assert (closed.to, closed.event, closed.actor) == (Status.CLOSED, Event.CLOSED, "U0EVE")
    assert closed.changes == {"ended_by": "U0EVE", "finished_at": START}
    assert (closed.lines[0].name, closed.lines[0].data) == ("closed", {"by": "U0EVE"})


def test_the_call_that_an_answer_named_is_followed_at_a_word() -> None:
    """As if its sid had been typed; where none was named, or it is too late, that is said."""
    named = a_request(status=Status.UNCONFIRMED, approved_by="U0BOB", reported_call_sid="OUT-1")
    found = call_status.confirm_reported(named, "U0EVE", START)
    assert found == call_status.confirm_placed(named, "OUT-1", "U0EVE", START) and found is not None
    followed = named.model_copy(update={"status": Status.PLACED, "call_sid": "OUT-1"})
    assert call_status.confirm_reported(followed, "U0EVE", START) is None
    unnamed = named.model_copy(update={"reported_call_sid": None})
    with pytest.raises(TooLate, match="No answer named a call_sid"):
        call_status.confirm_reported(unnamed, "U0EVE", START)
    for over in (unnamed.model_copy(update={"status": Status.CLOSED}), followed):
        with pytest.raises(TooLate) as late:
            call_status.confirm_reported(over.model_copy(update={"call_sid": "OUT-2"}), "U0EVE", START)
        assert "No answer named" not in late.value.sentence


def test_a_call_that_is_known_by_that_sid_is_confirmed_already() -> None:
    """Said before, or PolyAI's answer came after all: nothing changes, whatever became of it."""
    for status in Status:
        known = a_request(status=status, call_sid="OUT-1")
        assert call_status.confirm_placed(known, "OUT-1", "U0EVE", START) is None


def test_what_is_followed_of_a_placed_call() -> None:
    """Its id, its sid, its last status and its time; nothing of one that has no sid or no time."""
    call = call_status.call_in_progress(placed(id="CR-1", call_status="queued"))
    assert call and (call.id, call.call_sid, call.call_status, call.placed_at) == (
        "CR-1",
        "OUT-1",
        "queued",
        START,
    )
    for missing in ({"call_sid": None}, {"placed_at": None}, {"status": Status.FAILED}):
        assert call_status.call_in_progress(placed().model_copy(update=missing)) is None


def test_only_news_is_news() -> None:
    """Another status, or that PolyAI does not know the call any more when its retention has ended."""
    call = call_status.call_in_progress(placed(call_status="queued"))
    assert call

    def is_news(result: PollResult, status: str = "", at: Any = START) -> bool:
        return call_status.is_news(call, StatusAnswer(result, status), at, KEPT)

    assert is_news(PollResult.STATUS, "ringing") and not is_news(PollResult.STATUS, "queued")
    assert not is_news(PollResult.NO_ANSWER, "ringing", START + KEPT)
    assert is_news(PollResult.NOT_FOUND, "queued", START + KEPT)
    assert not is_news(PollResult.NOT_FOUND, "ringing", START + KEPT - TICK)


def test_a_status_made_up_at_each_poll_fills_no_thread() -> None:
    """After ten changes only the last one is told."""
    call = CallInProgress("CR-1", "OUT-1", "queued", START, START, call_status.MAX_CHANGES - 1)
    invented = StatusAnswer(PollResult.STATUS, "word-11")
    assert call_status.is_news(call, invented, START, KEPT)
    call = replace(call, changes=call_status.MAX_CHANGES)
    assert not call_status.is_news(call, invented, START, KEPT)
    assert call_status.is_news(call, StatusAnswer(PollResult.STATUS, "succeeded"), START, KEPT)


def test_an_hour_without_a_status_is_said_once() -> None:
    """Counted from when this process last heard of the call; and what was said is not news again."""
    nothing, hour = StatusAnswer(PollResult.NO_ANSWER), call_status.SILENT_AFTER
    call = CallInProgress("CR-1", "OUT-1", "queued", START, START)
    assert not call_status.is_news(call, nothing, START + hour - TICK, KEPT)
    assert call_status.is_news(call, nothing, START + hour, KEPT)
    assert not call_status.is_news(replace(call, heard_at=None), nothing, START + hour, KEPT)
    assert not call_status.is_news(replace(call, call_status="silent"), nothing, START + hour, KEPT)
    move = call_status.on_status(placed(call_status="queued"), nothing, START + hour, KEPT, START)
    assert move and move.to is None and move.changes == {"call_status": "silent"}
