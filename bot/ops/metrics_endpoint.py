"""`/metrics`: what can be measured, as of now."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from bot.ops.metrics import Metrics
from bot.service.ports import Clock
from storage.counts import read_counts
from storage.database.threads import Database

PATH = "/metrics"


class MetricsEndpoint:
    """Answers Prometheus."""

    def __init__(self, metrics: Metrics, database: Database, clock: Clock) -> None:
        self._metrics = metrics
        self._database = database
        self._clock = clock

    async def show(self, _request: web.Request) -> web.Response:
        """The page."""
        counts = await self._database.read(read_counts)
        page = self._metrics.page(counts, self._clock.now())
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})
