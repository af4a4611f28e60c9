"""Who may approve: a full member of our workspace, named as an approver, and never the requester."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.call_request import CallRequest
from bot.domain.errors import NotAllowed

_USER_ID = re.compile(r"[UW][A-Z0-9]{2,}\Z")
_GROUP_ID = re.compile(r"S[A-Z0-9]{2,}\Z")


def is_user_id(text: str) -> bool:
    """Whether this has the form of a Slack user's id; what the command line does has another actor."""
    return _USER_ID.match(text) is not None


def named(actor: str | None) -> str:
    """Who did something, for a sentence: a mention, or the actor's name where it is no Slack user."""
    return f"<@{actor}>" if actor and is_user_id(actor) else str(actor)


@dataclass(frozen=True)
class Member:
    """A person or bot as Slack describes it at this moment."""

    id: str
    teams: frozenset[str]
    is_bot: bool = False
    is_guest: bool = False
    is_deactivated: bool = False


@dataclass(frozen=True)
class Approvers:
    """The named approvers; with nobody named, every full member of the card's channel is one."""

    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    @property
    def anyone(self) -> bool:
        """Whether nobody is named."""
        return not self.users and not self.groups

    @classmethod
    def parse(cls, ids: str) -> Approvers:
        """Read comma-separated user ids (`U…`, `W…`) and user-group ids (`S…`).

        Raises:
            ValueError: an entry is neither.
        """
        named = [entry.strip() for entry in ids.split(",") if entry.strip()]
        for entry in named:
            if not _USER_ID.match(entry) and not _GROUP_ID.match(entry):
                raise ValueError(f"{entry!r} is neither a user id (U…) nor a user-group id (S…)")
        return cls(
            users=frozenset(entry for entry in named if _USER_ID.match(entry)),
            groups=frozenset(entry for entry in named if _GROUP_ID.match(entry)),
        )


def check_not_requester(request: CallRequest, user: str) -> None:
    """Raises NotAllowed where the user is the requester: the first promise."""
    if user == request.requester:
        raise NotAllowed("You can't decide this, because you asked for it. Somebody else has to.")


def check_is_full_member(member: Member, home_team: str) -> None:
    """Raises NotAllowed for bots, guests, deactivated users and people from another workspace."""
    if member.is_deactivated:
        raise NotAllowed("You can't do this, because your account is deactivated.")
    if member.is_bot:
        raise NotAllowed("You can't do this, because bots can't: a person has to.")
    if home_team not in member.teams:
        raise NotAllowed("You can't do this, because you belong to another workspace.")
    if member.is_guest:
        raise NotAllowed("You can't do this, because guests can't: a full member has to.")
