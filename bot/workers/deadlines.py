"""Expires what has waited too long, reminds of what waits, and gives up on answers that will not come."""

from __future__ import annotations

from bot.service.calls import CallService
from bot.service.ports import Clock
from bot.workers.worker import Worker

_EVERY = 1.0


class Deadlines:
    """Looks once a second."""

    def __init__(self, service: CallService, clock: Clock) -> None:
        self.worker = Worker("deadlines", self.step, clock)
        self._service = service
        self._clock = clock

    async def step(self) -> float:
        """Expire what is overdue and remind of what is due, unless the clock is in doubt."""
        if not self._clock.doubt():
            await self._service.expire_overdue()
            await self._service.remind_approvers()
        await self._service.abandon_open_attempts(lease_ended=True)
        return _EVERY
