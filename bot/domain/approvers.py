"""Who may approve: a full member of our workspace, named as an approver, and never the requester."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from bot.domain.call_request import CallRequest
from bot.domain.errors import NotAllowed

_USER_ID = re.compile(r"[UW][A-Z0-9]{2,}\Z")
_GROUP_ID = re.compile(r"S[A-Z0-9]{2,}\Z")


def is_user_id(text: str) -> bool:
    """Whether this has the form of a Slack user's id; the command line is an actor of another form."""
    return _USER_ID.match(text) is not None


def named(actor: str | None) -> str:
    """Who did something, for a sentence: a mention, or the actor's name if it is not a Slack user."""
    return f"<@{actor}>" if actor and is_user_id(actor) else str(actor)


@dataclass(frozen=True)
class Member:
    """A person or bot, as Slack describes them at this moment."""

    id: str
    teams: frozenset[str]
    is_bot: bool = False
    is_guest: bool = False
    is_deactivated: bool = False


CHANNEL = "channel"
"""The word that makes everybody in the channel an approver."""


@dataclass(frozen=True)
class Approvers:
    """The people and the user groups that may approve; nobody, if it is empty.

    With `channel` every full member who is in the card's channel may, even if they have just joined it.
    """

    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    channel: bool = False

    @property
    def names(self) -> list[str]:
        """As in the settings: the ids, or `channel`."""
        return [CHANNEL] if self.channel else sorted(self.users | self.groups)

    @classmethod
    def of_channel(cls) -> Approvers:
        """Everybody in the card's channel. This has to be set: it is never the default."""
        return cls(channel=True)

    @classmethod
    def parse(cls, entries: Iterable[str]) -> Approvers:
        """Read user ids (`U…`, `W…`) and user-group ids (`S…`), or the one word `channel`.

        Raises:
            ValueError: an entry is none of these, there is none, or `channel` is not alone.
        """
        named = [entry.strip() for entry in entries if entry.strip()]
        if named == [CHANNEL]:
            return cls.of_channel()
        if not named:
            raise ValueError(
                "nobody is named. Set it to the ids of people (U…) and user groups (S…) who may approve, or"
                f' to "{CHANNEL}", which lets everybody approve who is in the card\'s channel or joins it'
            )
        if CHANNEL in named:
            raise ValueError(
                f'"{CHANNEL}" already lets everybody in the channel approve: name people, or write it alone'
            )
        for entry in named:
            if not _USER_ID.match(entry) and not _GROUP_ID.match(entry):
                raise ValueError(
                    f'{entry!r} is neither a user id (U…) nor a user-group id (S…), and not "{CHANNEL}"'
                )
        return cls(
            users=frozenset(entry for entry in named if _USER_ID.match(entry)),
            groups=frozenset(entry for entry in named if _GROUP_ID.match(entry)),
        )


def check_not_requester(request: CallRequest, user: str) -> None:
    """Raises NotAllowed if the user is the requester: no call without a second person."""
    if user == request.requester:
        raise NotAllowed("You can't decide this, because you asked for it. Somebody else has to.")


class Unfit(Enum):
    """Why somebody is not a full member of our workspace, as they read it."""

    DEACTIVATED = "your account is deactivated"
    A_BOT = "bots can't: a person has to"
    OF_ANOTHER_WORKSPACE = "you belong to another workspace"
    A_GUEST = "guests can't: a full member has to"


def unfit(member: Member, home_team: str) -> Unfit | None:
    """Why this is not a full member of our workspace; None if it is."""
    if member.is_deactivated:
        return Unfit.DEACTIVATED
    if member.is_bot:
        return Unfit.A_BOT
    if home_team not in member.teams:
        return Unfit.OF_ANOTHER_WORKSPACE
    return Unfit.A_GUEST if member.is_guest else None


def check_is_full_member(member: Member, home_team: str) -> None:
    """Raises NotAllowed for bots, guests, deactivated users and people from another workspace."""
    if (why := unfit(member, home_team)) is not None:
        raise NotAllowed(f"You can't do this, because {why.value}.")
