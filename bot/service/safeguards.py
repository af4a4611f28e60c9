"""The use cases that stop calls: the suppression list and the freeze."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.domain.errors import TryAgainLater
from bot.domain.freeze import LIFTS_NEEDED, Freeze, lifts_needed
from bot.domain.suppression import Removal, Suppressed
from bot.service.permissions import Permissions
from bot.service.ports import Clock, SafeguardStore

log = structlog.get_logger()


@dataclass(frozen=True)
class Safeguards:
    """What one person can stop alone, and only two together can undo. Each raises Refused with a sentence.

    `channel` is where the person is. What everybody should know is posted in the approvals channel, or there.
    """

    store: SafeguardStore
    permissions: Permissions
    clock: Clock
    approvals_channel: str | None = None

    async def stop(self, user: str, number: str, why: str) -> Suppressed:
        """Any full member: that number (E.164) is not called from now on."""
        await self.permissions.check_is_full_member(user)
        done = await self.store.suppress(number, why, user, self.clock.now())
        log.info("suppressed", new=done.new, requests_cancelled=done.cancelled)
        return done

    async def asked_to_stop(self, user: str, request_id: str) -> Suppressed:
        """Any full member: the recipient of that finished call is not called from now on."""
        await self.permissions.check_is_full_member(user)
        done = await self.store.suppress_called(request_id, user, self.clock.now())
        log.info("suppressed", request=request_id, new=done.new, requests_cancelled=done.cancelled)
        return done

    async def unstop(self, user: str, channel: str, number: str, why: str) -> Removal:
        """An approver: that number may be called again, once another agrees to the returned removal."""
        told = await self._approves_in(user, channel)
        return await self.store.ask_removal(number, why, user, self.clock.now(), told)

    async def agree_to_unstop(self, user: str, channel: str, number: str, removal: int) -> None:
        """Another approver: that number may be called again."""
        told = await self._approves_in(user, channel)
        await self.store.agree_to_removal(number, removal, user, self.clock.now(), told)

    async def is_frozen(self) -> bool:
        """Whether all dialing is stopped; who asks for a call reads it before they fill in the form."""
        return await self.store.current_freeze() is not None

    async def freeze(self, user: str, channel: str, why: str) -> tuple[Freeze, int]:
        """An approver: all dialing stops, until enough others lift the returned freeze.

        Also returns how many others there are, if there are too few for the usual number. Stopping must
        work while Slack does not say who they are: then that number is needed.
        """
        told, at = await self._approves_in(user, channel), self.clock.now()
        try:
            others = await self.permissions.count_others(user, told, LIFTS_NEEDED)
        except TryAgainLater:
            others = LIFTS_NEEDED
        needed = lifts_needed(others)
        number = await self.store.freeze(why, user, at, told, needed)
        log.info("frozen", freeze=number)
        return Freeze(number, user, why, at, told, lifts_needed=needed), others

    async def unfreeze(self, user: str, channel: str, which: int | None) -> tuple[Freeze, Freeze | None]:
        """An approver other than the one who froze dialing: it may resume after that freeze.

        It does if the returned freeze is over, and no other is in force, which is returned too.
        """
        told = await self._approves_in(user, channel)
        frozen = await self.store.current_freeze()
        by = user if frozen is None else frozen.frozen_by
        others = await self.permissions.count_others(by, told, LIFTS_NEEDED)
        freeze = await self.store.lift(which, user, self.clock.now(), told, others)
        log.info("freeze_lift_given", freeze=freeze.id, over=freeze.is_over)
        return freeze, await self.store.current_freeze() if freeze.is_over else None

    async def _approves_in(self, user: str, channel: str) -> str:
        """The channel that will be told of it. Raises NotAllowed if this person is not an approver there."""
        told = self.approvals_channel or channel
        await self.permissions.check_is_approver(user, told)
        return told
