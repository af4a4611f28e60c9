"""Ends what has waited too long, and gives up attempts whose answer will not come any more."""

from __future__ import annotations

from bot.clock import Clock
from bot.service import CallService
from bot.workers.worker import Worker

_EVERY = 1.0


class Reaper:
    """Looks once a second."""

    def __init__(self, service: CallService, clock: Clock) -> None:
        self.worker = Worker("reaper", self.step, clock)
        self._service = service

    async def step(self) -> float:
        """End what is overdue."""
        await self._service.expire_overdue()
        await self._service.abandon_open_attempts(lease_ended=True)
        return _EVERY
