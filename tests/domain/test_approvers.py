"""Who may approve."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.approvers import Approvers, Member, check_is_full_member, check_not_requester
from bot.domain.errors import NotAllowed
from tests.support.requests import a_request

HOME = "T0HOME"


def member(**changes: Any) -> Member:
    return Member(**{"id": "U0BOB", "teams": frozenset({HOME, "T0OTHER"}), **changes})


def test_named_approvers_are_read() -> None:
    """User ids and user-group ids in any order, with spaces; empty entries are no matter."""
    approvers = Approvers.parse([" U0BOB", " S0NURSES", "", "W0EVE ", "S0LEADS", " "])
    assert approvers.users == {"U0BOB", "W0EVE"} and approvers.groups == {"S0NURSES", "S0LEADS"}
    assert not approvers.channel


@pytest.mark.parametrize("entries", [[], [""], [" ", ""], ["\t"]])
def test_nobody_named_is_refused(entries: list[str]) -> None:
    """With what to write instead; where nothing is said it is never everybody."""
    with pytest.raises(ValueError, match=r'nobody is named.*"channel", which lets everybody'):
        Approvers.parse(entries)
    assert Approvers() == Approvers(frozenset(), frozenset(), channel=False)


def test_everybody_in_the_channel_is_said_aloud_and_alone() -> None:
    """One word; beside a name it would make the name say nothing."""
    assert Approvers.parse([" channel "]) == Approvers.of_channel() == Approvers(channel=True)
    with pytest.raises(ValueError, match="write it alone"):
        Approvers.parse(["channel", "U0BOB"])


@pytest.mark.parametrize(
    "entry",
    [
        "bob",
        "@bob",
        "u0bob",
        "U0",
        "S0",
        "C0CALL",
        "U0BOB;U0EVE",
        "U0BOB\n#",
        "XU0BOB",
        "Channel",
        "#channel",
    ],
)
def test_what_is_no_id_is_refused(entry: str) -> None:
    """Also beside a right one: an approver is never left out silently."""
    with pytest.raises(ValueError, match="neither a user id"):
        Approvers.parse(["U0BOB", entry])
    assert Approvers.parse(["U0B", "S0N"]) == Approvers(frozenset({"U0B"}), frozenset({"S0N"}))


def test_the_requester_never_decides() -> None:
    """Somebody else has to; anybody else may."""
    with pytest.raises(NotAllowed, match="you asked for it"):
        check_not_requester(a_request(requester="U0BOB"), "U0BOB")
    check_not_requester(a_request(requester="U0ALICE"), "U0BOB")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"is_deactivated": True}, "deactivated"),
        ({"is_bot": True}, "bots"),
        ({"is_guest": True}, "guests"),
        ({"teams": frozenset({"T0OTHER"})}, "another workspace"),
        ({"teams": frozenset()}, "another workspace"),
    ],
)
def test_only_full_members_decide(changes: dict[str, Any], why: str) -> None:
    """Bots, guests, people who left and people from elsewhere do not."""
    with pytest.raises(NotAllowed, match=why):
        check_is_full_member(member(**changes), HOME)
    check_is_full_member(member(), HOME)
