"""Who is who, read from Slack each time it matters: a person who left has lost the right at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.approvers import Member
from bot.domain.errors import TryAgainLater
from bot.slack.errors import SlackBadToken, SlackRefused, call

_PAGE = 1000


class SlackDirectory:
    """The workspace's people, groups and channels. Every method raises TryAgainLater."""

    def __init__(self, client: AsyncWebClient, home_team: str) -> None:
        self._client = client
        self.home_team = home_team

    async def member(self, user: str) -> Member:
        """The user as they stand now."""
        try:
            return _member((await call(self._client.users_info(user=user)))["user"])
        except SlackRefused as error:
            raise TryAgainLater(
                f"Slack does not say who you are ({error.code}). Please try again."
            ) from error

    async def is_in_group(self, user: str, group: str) -> bool:
        """Whether the user is in the user group now; nobody is in a group that is gone."""
        try:
            return user in (await call(self._client.usergroups_users_list(usergroup=group)))["users"]
        except SlackRefused:
            return False

    async def is_in_channel(self, user: str, channel: str) -> bool:
        """Whether the user is in the channel now; False for a direct message: we may not look into one."""
        cursor = ""
        while True:
            members = self._client.conversations_members(channel=channel, limit=_PAGE, cursor=cursor)
            try:
                page = await call(members)
            except SlackRefused:
                return False
            except SlackBadToken as error:
                if error.code != "missing_scope":
                    raise
                return False
            if user in page["members"]:
                return True
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return False

    async def can_post_in(self, channel: str) -> bool:
        """Whether the bot is in the channel, and the channel is one where others can approve."""
        try:
            found = (await call(self._client.conversations_info(channel=channel)))["channel"]
        except SlackRefused:
            return False
        except SlackBadToken as error:
            # We ask for no scope that looks into direct messages: nobody else could approve there.
            if error.code != "missing_scope":
                raise
            return False
        return bool(found.get("is_member")) and not found.get("is_archived")


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
