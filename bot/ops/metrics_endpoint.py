"""`/metrics`: what can be measured, as of now."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from bot.ops.metrics import Metrics, Standing
from bot.service.ports import Clock
from storage.counts import read_counts
from storage.database.database import Database

PATH = "/metrics"


class MetricsEndpoint:
    """Answers Prometheus."""

    def __init__(self, metrics: Metrics, database: Database, clock: Clock) -> None:
        self._metrics = metrics
        self._database = database
        self._clock = clock

    async def show(self, _request: web.Request) -> web.Response:
        """The page."""
        page = self._metrics.page(await self._standing())
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def _standing(self) -> Standing:
        counts = await self._database.read(read_counts)
        oldest = counts.oldest_pending
        age = 0.0 if oldest is None else max(0.0, (self._clock.now() - oldest).total_seconds())
        return Standing(
            counts.calls, counts.dial_attempts, counts.pending, age, counts.dead_letters, counts.frozen
        )
