"""Sends the outbox to Slack: one card per request, edited in place, and its thread, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.domain.backoff import backoff
from bot.service.ports import Clock
from bot.slack.api.errors import SlackBusy, SlackObstructed, SlackRefused, SlackUnavailable
from bot.slack.api.messenger import Messenger
from bot.workers.delivery import Delivery, rate_of, where
from bot.workers.pacer import Pacer
from bot.workers.worker import Tasks, Worker
from storage.outbox.outbox import Outbox, OutboxItem

log = structlog.get_logger()

GIVEN_UP_AFTER = timedelta(days=7)
"""How long a channel may be closed to us before what waits for it becomes a dead letter."""

_IDLE = 2.0
"""Seconds. What another process writes (`callgate suppress`) does not wake us, and looking is cheap."""


class Notifier:
    """Sends what is due and within the limits. What has to wait holds up nothing in another lane."""

    def __init__(
        self,
        outbox: Outbox,
        messenger: Messenger,
        clock: Clock,
        unanswered: Callable[[], None],
        approvals_channel: str | None = None,
    ) -> None:
        self.worker = Worker("notifier", self.step, clock, rest=4.0)
        self._outbox = outbox
        self._messenger = messenger
        self._clock = clock
        self._unanswered = unanswered
        self._approvals_channel = approvals_channel
        self._pacer = Pacer(clock)
        self.deliveries = Tasks(self.worker.wake)

    async def step(self) -> float:
        """Start sending what may be sent now; returns the seconds until more may be sent."""
        waits = [self._start_or_wait(item) for item in await self._outbox.pending(self._clock.now())]
        return min(waits, default=_IDLE)

    async def flush(self) -> None:
        """Stop, and send everything that may be sent now; the rest stays in the outbox."""
        await self.worker.stop()
        await self.deliveries.drain()
        await self.step()
        while self.deliveries:
            await self.deliveries.drain()
            await self.step()

    def _start_or_wait(self, item: OutboxItem) -> float:
        lane, rate = item.lane, rate_of(item)
        # Items of one name are not under way together: a request's card, its thread, a channel's lines.
        own = "" if item.kind in {"card", "thread", "channel"} else f" {item.first_id}"
        name = f"{item.kind} {item.call_request_id}{own}"
        if name in self.deliveries:
            return _IDLE  # its end wakes us
        due = (item.due_at - self._clock.now()).total_seconds()
        wait = max(due, self._pacer.wait(lane, rate))
        if wait > 0:
            return wait
        self._pacer.take(lane, rate)
        self.deliveries.start(name, self._deliver(item))
        return _IDLE

    async def _deliver(self, item: OutboxItem) -> None:
        try:
            await self._send(item)
        except SlackBusy as busy:
            log.warning("slack_busy", lane=item.lane, seconds=busy.retry_after)
            self._pacer.hold(item.lane, rate_of(item), busy.retry_after)
        except SlackUnavailable as error:
            log.warning("slack_unavailable", request=item.call_request_id, reason=error.sentence)
            await self._outbox.retry(item, self._next_try(item, 60.0), error.sentence)
        except SlackObstructed as error:
            log.warning("slack_obstructed", request=item.call_request_id, kind=item.kind, code=error.code)
            if self._clock.now() - item.since > GIVEN_UP_AFTER:
                await self._give_up(item, error.code)
            else:
                due, now = self._next_try(item, 300.0), self._clock.now()
                await self._outbox.obstructed(item, due, error.code, now, self._approvals_channel)
        except SlackRefused as error:
            if error.message_is_gone and item.kind in {"card", "thread"} and item.card_ts is not None:
                log.warning("card_gone", request=item.call_request_id, code=error.code)
                await self._outbox.card_gone(item, self._clock.now())
            else:
                await self._give_up(item, error.code)

    def _next_try(self, item: OutboxItem, limit: float) -> datetime:
        return self._clock.now() + timedelta(seconds=backoff(item.tries + 1, first=1.0, limit=limit))

    async def _give_up(self, item: OutboxItem, why: str) -> None:
        log.error("dead_letter", request=item.call_request_id, kind=item.kind, code=why)
        await self._outbox.dead(item, why, self._clock.now())

    async def _send(self, item: OutboxItem) -> None:
        if item.kind == "thread" and item.card_ts is None:
            await self._outbox.dead(item, "its card was never shown", self._clock.now())
            return
        details = await self._outbox.details(item)
        if details is None:
            self._pacer.give_back(item.lane)
            return
        delivery = Delivery(replace(item, last_id=details.last_id), details)
        if delivery.is_shown_already:
            self._pacer.give_back(item.lane)
            ts = delivery.edits or ""
        else:
            ts = await self._post_or_edit(delivery)
        if item.kind == "card":
            await self._outbox.card_shown(delivery.item, ts, delivery.sha256, self._clock.now())
        else:
            await self._outbox.sent(delivery.item, ts, self._clock.now())

    async def _post_or_edit(self, delivery: Delivery) -> str:
        channel = where(delivery.item)
        if delivery.edits is not None:
            await self._messenger.edit(channel, delivery.edits, delivery.message)
            return delivery.edits
        try:
            return await self._messenger.post(channel, delivery.message, delivery.thread_ts)
        except SlackRefused:
            origin = delivery.origin_channel
            if delivery.item.kind != "direct" or delivery.item.requester is None or origin is None:
                raise
            # Their direct messages are closed to us, so they are told where they typed the command.
            await self._messenger.post_to_one(origin, delivery.item.requester, delivery.message)
            return ""
        except SlackUnavailable as error:
            if error.may_be_done:
                # Slack has no idempotency key for a post, so trying again may show it twice.
                self._unanswered()
            raise
