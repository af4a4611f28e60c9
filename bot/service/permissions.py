"""Who may do what at this moment. Slack is asked each time: a person who left loses the right at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass

from bot.domain.approvers import Approvers, check_is_full_member, check_not_requester
from bot.domain.call_request import CallRequest
from bot.domain.errors import NotAllowed, TryAgainLater
from bot.service.denial_cache import DenialCache
from bot.service.ports import Directory


@dataclass(frozen=True)
class Permissions:
    """The approvers as the settings name them. Every check raises NotAllowed, or TryAgainLater.

    With `refusals` a refusal of some seconds ago still counts. Without, Slack is asked each time: this is
    needed where a refusal is final.
    """

    directory: Directory
    approvers: Approvers
    refusals: DenialCache | None = None

    async def check_may_decide(self, request: CallRequest, user: str) -> None:
        """An approver of this request, and not its requester."""
        check_not_requester(request, user)
        await self.check_is_approver(user, request.channel)

    async def check_is_approver(self, user: str, channel: str) -> None:
        """An approver; where everybody in the channel is one, a full member who is in that channel."""
        await self.check_is_full_member(user)
        with self._remembered(user, channel):
            if not await self._is_approver(user, channel):
                raise NotAllowed("You can't do this, because you are not one of the approvers.")

    async def check_is_full_member(self, user: str) -> None:
        """A full member of our workspace."""
        with self._remembered(user, ""):
            check_is_full_member(await self.directory.member(user), self.directory.home_team)

    async def count_others(self, user: str, channel: str, enough: int) -> int:
        """How many people can approve besides this one; no more are looked for than are enough."""
        found: set[str] = set()
        async for other in self._everybody(channel):
            if other != user and other not in found:
                with suppress(NotAllowed):
                    check_is_full_member(await self.directory.member(other), self.directory.home_team)
                    found.add(other)
            if len(found) >= enough:
                break
        return len(found)

    async def _everybody(self, channel: str) -> AsyncIterator[str]:
        """Whoever is named, in a group that is named, or in the channel; some of them twice."""
        for user in sorted(self.approvers.users):
            yield user
        for group in sorted(self.approvers.groups):
            for user in await self.directory.in_group(group):
                yield user
        if self.approvers.channel:
            async for user in self.directory.in_channel(channel):
                yield user

    async def _is_approver(self, user: str, channel: str) -> bool:
        if self.approvers.channel:
            return await self.directory.is_in_channel(user, channel)
        if user in self.approvers.users:
            return True
        unseen: TryAgainLater | None = None
        for group in sorted(self.approvers.groups):
            try:
                if await self.directory.is_in_group(user, group):
                    return True
            except TryAgainLater as error:
                unseen = error  # another group may have them
        if unseen is not None:
            raise unseen
        return False

    def _remembered(self, user: str, what: str) -> AbstractContextManager[None]:
        return nullcontext() if self.refusals is None else self.refusals.of(user, what)
