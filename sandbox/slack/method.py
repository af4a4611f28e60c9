"""What there is to know about one Web API method, and what it is given to work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.slack.args import Args
from sandbox.slack.errors import ApiError
from sandbox.slack.model import Channel
from sandbox.slack.workspace import Workspace

Answer = dict[str, Any]


@dataclass(frozen=True)
class App:
    """The app that calls: the workspace it is installed in and the scopes it was granted."""

    workspace: Workspace
    scopes: frozenset[str]

    def require_scope(self, needed: str) -> None:
        """Go on only when this scope was granted; ApiError `missing_scope` otherwise."""
        if needed not in self.scopes:
            raise ApiError("missing_scope", needed=needed, provided=",".join(sorted(self.scopes)))

    def channel(self, channel_id: str) -> Channel:
        """Return a conversation the bot can know of; ApiError `channel_not_found` otherwise."""
        channel = self.workspace.channels.get(channel_id)
        if channel is None or not (self.is_member(channel) or self.is_public(channel)):
            raise ApiError("channel_not_found")
        return channel

    def is_member(self, channel: Channel) -> bool:
        """Whether the bot is in the conversation."""
        return self.workspace.bot_user_id in channel.members

    def is_public(self, channel: Channel) -> bool:
        """Whether everybody may read the conversation."""
        return not (channel.private or channel.im)


@dataclass(frozen=True)
class Method:
    """A Web API method.

    Any one of `scopes` suffices; `per_minute` is its rate tier;
    `caller` says whose token it takes.
    """

    name: str
    run: Callable[[App, Args], Answer]
    scopes: tuple[str, ...] = ()
    per_minute: int | None = None
    caller: Literal["bot", "app", "anyone"] = "bot"


TIER_2, TIER_3, TIER_4 = 20, 50, 100
