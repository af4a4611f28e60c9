"""Who is who, read from Slack each time it matters: a person who left has lost the right at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import Any, cast

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.approvers import Member
from bot.domain.card_channel import Obstacle
from bot.domain.errors import NotAllowed, TryAgainLater
from bot.slack.api.errors import SlackBadToken, SlackRefused, call

_PAGE = 1000
_NOBODY = {"user_not_found", "user_not_visible"}


class SlackDirectory:
    """The workspace's people, groups and channels. Every method raises TryAgainLater."""

    def __init__(self, client: AsyncWebClient, home_team: str = "") -> None:
        """`home_team` is set as soon as Slack has said it."""
        self._client = client
        self.home_team = home_team

    async def member(self, user: str) -> Member:
        """The user as they stand now. Raises NotAllowed where there is no such person for us."""
        try:
            return _member((await call(self._client.users_info(user=user)))["user"])
        except SlackRefused as error:
            if error.code in _NOBODY:
                raise NotAllowed(
                    "You can't do this, because Slack does not know you in this workspace."
                ) from error
            raise TryAgainLater(
                f"Slack does not say who you are ({error.code}). Please try again."
            ) from error

    async def is_in_group(self, user: str, group: str) -> bool:
        """Whether the user is in the user group now."""
        return user in await self.in_group(group)

    async def in_group(self, group: str) -> list[str]:
        """Who is in the user group now."""
        try:
            users: list[str] = (await call(self._client.usergroups_users_list(usergroup=group)))["users"]
        except SlackRefused as error:
            raise TryAgainLater(
                f"Callgate cannot see who may approve: CALLGATE_APPROVERS names the user group {group}, which"
                f" Slack does not show ({error.code}). Please tell your operator."
            ) from error
        return users

    async def is_in_channel(self, user: str, channel: str) -> bool:
        """Whether the user is in the channel now; False for a direct message: we may not look into one."""
        async for member in self.in_channel(channel):
            if member == user:
                return True
        return False

    async def in_channel(self, channel: str) -> AsyncIterator[str]:
        """Who is in the channel; nobody of a direct message."""
        cursor: str | None = ""
        while cursor is not None:
            members = self._client.conversations_members(channel=channel, limit=_PAGE, cursor=cursor)
            try:
                page = await _unless_direct(members)
            except SlackRefused as error:
                raise TryAgainLater(
                    f"Callgate cannot see who may approve, because it is not in <#{channel}> any more"
                    f" ({error.code}). Type /invite @Callgate there, then try again."
                ) from error
            if page is None:
                return
            for member in page.get("members", ()):
                yield member
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None

    async def obstacle(self, channel: str) -> Obstacle | None:
        """What stands in the way of a card in that channel, if anything does."""
        try:
            answer = await _unless_direct(self._client.conversations_info(channel=channel))
        except SlackRefused:
            return Obstacle.NOT_IN_IT
        if answer is None:
            return Obstacle.DIRECT
        found = answer["channel"]
        if found.get("is_im") or found.get("is_mpim"):
            return Obstacle.DIRECT
        if found.get("is_archived"):
            return Obstacle.ARCHIVED
        if not found.get("is_member"):
            return Obstacle.NOT_IN_IT
        if found.get("is_ext_shared") or found.get("is_pending_ext_shared"):
            return Obstacle.SHARED
        return None


async def _unless_direct(method: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any] | None:
    """What Slack says of a conversation; None of a direct message."""
    try:
        return cast("dict[str, Any]", (await call(method)).data)
    except SlackBadToken as error:
        # We ask for no scope that looks into direct messages: nobody else could approve there.
        if error.needed and set(error.needed.split(",")) <= {"im:read", "mpim:read"}:
            return None
        raise


def _member(user: Mapping[str, Any]) -> Member:
    teams = {user.get("team_id") or "", *(user.get("enterprise_user") or {}).get("teams", [])}
    return Member(
        id=user["id"],
        teams=frozenset(teams - {""}),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(
            user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
        ),
        is_deactivated=bool(user.get("deleted")),
    )
