"""Who can take a number off the suppression list, and who can end a freeze."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain import suppression
from bot.domain.approvers import named
from bot.domain.errors import NotAllowed, Refused, TooLate
from bot.domain.freeze import Freeze, check_may_lift, check_not_frozen
from bot.domain.move import Line
from bot.domain.states import TRANSITIONS, Status
from bot.domain.suppression import CALLED, UNDER_WAY, WAITING, Removal
from tests.support.clock import START
from tests.support.requests import a_request

DAY, MOMENT = timedelta(hours=24), timedelta(microseconds=1)
ASKED = Removal(7, "U0BOB", START, "A wrong number")
FROZEN = Freeze(3, "U0CAROL", "Wrong agent", START, "C0CALLS")


def test_every_status_is_waiting_under_way_called_or_ended_before_a_call() -> None:
    """A suppression ends what it can, tells of what it cannot, and the button is on what was called."""
    never_called = {Status.DENIED, Status.CANCELLED, Status.EXPIRED, Status.BLOCKED, Status.REJECTED}
    assert sorted([*WAITING, *UNDER_WAY, *CALLED, *never_called]) == sorted(Status)
    assert all(Status.CANCELLED in TRANSITIONS[status] for status in WAITING)
    assert not any(Status.CANCELLED in TRANSITIONS[status] for status in Status if status not in WAITING)


@pytest.mark.parametrize("status", sorted(WAITING))
def test_what_waits_is_cancelled(status: Status) -> None:
    """With the reason on the card, a line in the thread, and nothing left to be dialed."""
    move = suppression.cancel(a_request(status=status, approved_by="U0BOB"), "cli:root", START)
    assert move.to is Status.CANCELLED and move.lines == (Line("suppressed", {"by": "cli:root"}),)
    ended = {"ended_by": "cli:root", "end_reason": suppression.ON_LIST, "finished_at": START}
    assert move.changes == {**ended, "dial_after": None}


@pytest.mark.parametrize("status", sorted(set(Status) - WAITING))
def test_what_waits_no_more_is_not_cancelled(status: Status) -> None:
    """It is too late, whatever became of it."""
    with pytest.raises(TooLate):
        suppression.cancel(a_request(status=status, approved_by="U0BOB"), "U0BOB", START)


@pytest.mark.parametrize("status", sorted(set(Status) - CALLED))
def test_only_who_was_called_can_have_asked_to_stop(status: Status) -> None:
    """The button counts on no other request."""
    with pytest.raises(TooLate):
        suppression.ask_to_stop(a_request(status=status), "U0BOB", START, 0)


def test_a_number_that_was_deleted_is_not_put_on_the_list() -> None:
    """Of it only the calling code is left; it says when it was deleted, and what to type."""
    purged = a_request(status=Status.SUCCEEDED, to_number="+1", forgotten_at=START)
    with pytest.raises(TooLate, match=r"deleted on 2026-08-24\. Type /call stop"):
        suppression.ask_to_stop(purged, "U0BOB", START, 0)


@pytest.mark.parametrize("status", sorted(CALLED))
def test_that_they_asked_to_stop_is_noted(status: Status) -> None:
    """The call stays as it ended."""
    move = suppression.ask_to_stop(a_request(status=status), "U0BOB", START, 2)
    assert move.to is None and not move.changes and move.details == {"cancelled": 2}
    assert [(line.name, line.data) for line in move.lines] == [
        ("asked_to_stop", {"by": "U0BOB", "cancelled": 2})
    ]


@pytest.mark.parametrize("after", [timedelta(), DAY - MOMENT])
def test_a_removal_takes_a_second_person_within_a_day(after: timedelta) -> None:
    """Another than who asked, who names the removal."""
    assert suppression.agree(ASKED, 7, "U0CAROL", START + after) is ASKED
    with pytest.raises(NotAllowed, match="another approver has to agree"):
        suppression.agree(ASKED, 7, "U0BOB", START + after)


@pytest.mark.parametrize(
    ("earlier", "named", "after"), [(ASKED, 7, DAY), (ASKED, 6, timedelta()), (None, 7, timedelta())]
)
def test_a_removal_that_does_not_wait_is_not_agreed_to(
    earlier: Removal | None, named: int, after: timedelta
) -> None:
    """Too old, another one, or none: it is named, and what to type instead."""
    with pytest.raises(Refused, match=f"Removal {named} is no longer waiting.*/call unstop <number> <why>"):
        suppression.agree(earlier, named, "U0CAROL", START + after)


def test_a_removal_is_asked_for_once_and_with_a_reason() -> None:
    """While it holds nobody can ask again; afterwards, or where nobody asked, it takes a reason."""
    for by in ("U0BOB", "U0CAROL"):
        with pytest.raises(
            Refused, match=r"<@U0BOB> has asked for that already.*/call unstop <number> agree 7"
        ):
            suppression.ask_removal(ASKED, 8, by, "why", START + DAY - MOMENT)
    with pytest.raises(Refused, match="Say why"):
        suppression.ask_removal(None, 8, "U0BOB", "", START)
    with pytest.raises(Refused, match="Say why"):
        suppression.ask_removal(ASKED, 8, "U0BOB", "", START + DAY)
    assert suppression.ask_removal(ASKED, 8, "U0CAROL", "why", START + DAY) == Removal(
        8, "U0CAROL", START + DAY, "why"
    )


def test_who_froze_cannot_lift_it() -> None:
    """Not before, and not after somebody else did."""
    for freeze in (FROZEN, FROZEN.lifted("U0BOB")):
        with pytest.raises(NotAllowed, match="2 other approvers have to type /call unfreeze 3"):
            check_may_lift(freeze, 3, "U0CAROL")


def test_it_takes_two_different_people() -> None:
    """One is not enough, and one who says it twice is still one."""
    once = check_may_lift(FROZEN, 3, "U0BOB").lifted("U0BOB")
    assert not once.is_over and once.still_needed == 1
    with pytest.raises(Refused, match="still takes 1 more"):
        check_may_lift(once, 3, "U0BOB")
    twice = check_may_lift(once, 3, "U0ALICE").lifted("U0ALICE")
    assert twice.is_over and twice.still_needed == 0 and twice.lifted_by == ("U0BOB", "U0ALICE")


@pytest.mark.parametrize("named", [None, 2, 4])
@pytest.mark.parametrize("by", ["U0BOB", "U0CAROL"])
def test_who_ends_a_freeze_names_it(named: int | None, by: str) -> None:
    """Without its number, or with another, they get what to type; nothing is lifted."""
    with pytest.raises(Refused, match=r"^Dialing is frozen by <@U0CAROL>: .* type /call unfreeze 3"):
        check_may_lift(FROZEN, named, by)


def test_a_freeze_that_is_over_is_named_as_over() -> None:
    """Whether or not there is another one by now."""
    with pytest.raises(Refused, match=r"^Freeze 2 is over. Dialing is frozen by .*/call unfreeze 3"):
        check_may_lift(FROZEN, 2, "U0BOB", is_over=True)
    with pytest.raises(Refused, match=r"^Freeze 2 is over. Dialing is not frozen"):
        check_may_lift(None, 2, "U0BOB", is_over=True)


def test_what_is_not_frozen_cannot_be_lifted_and_what_is_cannot_be_frozen() -> None:
    """There is one freeze at a time."""
    check_not_frozen(None)
    with pytest.raises(Refused, match=r"^Dialing is not frozen"):
        check_may_lift(None, None, "U0BOB")
    with pytest.raises(Refused, match="frozen already, by <@U0CAROL>"):
        check_not_frozen(FROZEN)


def test_people_are_mentioned_and_the_command_line_is_named() -> None:
    """What is no Slack user's id would be refused as a mention."""
    assert (named("U0BOB"), named("cli:root"), named(None)) == ("<@U0BOB>", "cli:root", "None")
