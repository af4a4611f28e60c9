"""Drains the outbox into Slack: one card a request, edited in place, and its thread, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.domain.backoff import backoff
from bot.lull import Lull
from bot.metrics import Metrics
from bot.slack.errors import SlackBusy, SlackRefused, SlackUnavailable
from bot.slack.messenger import Messenger
from bot.workers.errand import Errand, rate_of, where
from bot.workers.pacer import Pacer
from bot.workers.worker import Tasks, Worker
from storage.outbox import Outbox, Parcel

log = structlog.get_logger()

_IDLE = 2.0
"""Seconds. What another process writes (`callgate suppress`) wakes nobody; looking for it is cheap."""


class Notifier:
    """Sends what is due and allowed. What has to wait for its lane or its turn holds up nothing else."""

    def __init__(
        self, outbox: Outbox, messenger: Messenger, clock: Clock, metrics: Metrics, lull: Lull
    ) -> None:
        self.worker = Worker("notifier", self.step, clock, rest=4.0)
        self._outbox = outbox
        self._messenger = messenger
        self._clock = clock
        self._metrics = metrics
        self._lull = lull
        self._pacer = Pacer(clock)
        self.deliveries = Tasks(self.worker.wake)

    async def step(self) -> float:
        """Start to send what may be sent now; returns the seconds until more may be.

        In a burst, acknowledgements go first: what there is to tell by then is looked for once, after it.
        """
        await self._lull.wait()
        waits = [self._start_or_wait(parcel) for parcel in await self._outbox.pending(self._clock.now())]
        return min(waits, default=_IDLE)

    async def flush(self) -> None:
        """Stop, and send everything that may be sent now; what has to wait stays in the outbox."""
        await self.worker.stop()
        await self.deliveries.drain()
        await self.step()
        while self.deliveries:
            await self.deliveries.drain()
            await self.step()

    def _start_or_wait(self, parcel: Parcel) -> float:
        lane, rate, name = parcel.lane, rate_of(parcel), _name(parcel)
        if name in self.deliveries:
            return _IDLE  # its end wakes us
        due = (parcel.due_at - self._clock.now()).total_seconds()
        wait = max(due, self._pacer.wait(lane, rate))
        if wait > 0:
            return wait
        self._pacer.take(lane, rate)
        self.deliveries.start(name, self._deliver(parcel))
        return _IDLE

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            await self._send(parcel)
        except SlackBusy as busy:
            log.warning("slack_busy", lane=parcel.lane, seconds=busy.retry_after)
            self._pacer.hold(parcel.lane, rate_of(parcel), busy.retry_after)
        except SlackUnavailable as error:
            log.warning("slack_unavailable", request=parcel.call_request_id, reason=error.sentence)
            wait = timedelta(seconds=backoff(parcel.tries + 1, first=1.0, most=60.0))
            await self._outbox.retry(parcel, self._clock.now() + wait, error.sentence)
        except SlackRefused as error:
            log.error("dead_letter", request=parcel.call_request_id, kind=parcel.kind, code=error.code)
            await self._outbox.dead(parcel, error.code, self._clock.now())

    async def _send(self, parcel: Parcel) -> None:
        if parcel.kind == "thread" and parcel.card_ts is None:
            await self._outbox.dead(parcel, "its card was never shown", self._clock.now())
            return
        contents = await self._outbox.contents(parcel)
        if contents is None:
            self._pacer.give_back(parcel.lane)
            return
        errand = Errand(replace(parcel, last_id=contents.last_id), contents)
        if errand.is_shown_already:
            self._pacer.give_back(parcel.lane)
            ts = errand.edits or ""
        else:
            ts = await self._post_or_edit(errand)
        await self._record(errand, ts)

    async def _post_or_edit(self, errand: Errand) -> str:
        if errand.edits is None:
            return await self._post(errand)
        await self._messenger.edit(where(errand.parcel), errand.edits, errand.message)
        return errand.edits

    async def _post(self, errand: Errand) -> str:
        try:
            return await self._messenger.post(where(errand.parcel), errand.message, errand.thread_ts)
        except SlackUnavailable as error:
            if error.may_be_done:
                self._metrics.slack_posts_unanswered.inc()
            raise

    async def _record(self, errand: Errand, ts: str) -> None:
        if errand.parcel.kind == "card":
            await self._outbox.card_shown(errand.parcel, ts, errand.sha256, self._clock.now())
        else:
            await self._outbox.sent(errand.parcel, ts, self._clock.now())


def _name(parcel: Parcel) -> str:
    """The same for two parcels that must not be under way together."""
    own = "" if parcel.kind in {"card", "thread", "channel"} else f" {parcel.first_id}"
    return f"{parcel.kind} {parcel.call_request_id}{own}"
