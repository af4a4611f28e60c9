"""Drains the outbox into Slack: one card a request, edited in place, and its thread, in order."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.domain.backoff import backoff
from bot.slack.errors import SlackBusy, SlackRefused, SlackUnavailable
from bot.slack.messenger import Messenger
from bot.workers.errand import Errand, next_letters
from bot.workers.pacer import Pacer
from bot.workers.worker import Worker
from storage.outbox import Letter, Outbox

log = structlog.get_logger()

_MOST_READ = 1000
_IDLE = 30.0


class Notifier:
    """Sends what is due and allowed, and says when to look again."""

    def __init__(self, outbox: Outbox, messenger: Messenger, clock: Clock) -> None:
        self.worker = Worker("notifier", self.step, clock)
        self._outbox = outbox
        self._messenger = messenger
        self._clock = clock
        self._pacer = Pacer(clock)

    async def step(self) -> float:
        """Send what can be sent now; returns the seconds until more can be."""
        pending = await self._outbox.pending(_MOST_READ)
        cards = {letter.call_request_id for letter in pending if letter.kind == "card"}
        waits = await asyncio.gather(
            *(self._deliver(letter, letter.call_request_id in cards) for letter in next_letters(pending))
        )
        return min(waits, default=_IDLE)

    async def _deliver(self, letter: Letter, card_is_coming: bool) -> float:
        """Send the letter, or return the seconds until it may be sent."""
        request, card_sha256 = await self._outbox.card(letter.call_request_id)
        errand = Errand(letter, request, card_sha256)
        if errand.needs_card:
            return await self._without_card(letter, card_is_coming)
        wait = max(
            (letter.due_at - self._clock.now()).total_seconds(), self._pacer.wait(errand.lane, errand.rate)
        )
        if wait > 0 and not errand.is_shown_already:
            return wait
        await self._try(errand)
        return 0.0

    async def _without_card(self, letter: Letter, card_is_coming: bool) -> float:
        if card_is_coming:
            return _IDLE
        await self._outbox.dead(letter, "its card was never shown", self._clock.now())
        return 0.0

    async def _try(self, errand: Errand) -> None:
        letter = errand.letter
        try:
            await self._send(errand)
        except SlackBusy as busy:
            log.warning("slack_busy", lane=errand.lane, seconds=busy.retry_after)
            self._pacer.hold(errand.lane, busy.retry_after)
        except SlackUnavailable as error:
            wait = timedelta(seconds=backoff(letter.tries + 1, first=1.0, most=60.0))
            await self._outbox.retry(letter, self._clock.now() + wait, error.sentence)
        except SlackRefused as error:
            log.error("dead_letter", letter=letter.id, kind=letter.kind, code=error.code)
            await self._outbox.dead(letter, error.code, self._clock.now())

    async def _send(self, errand: Errand) -> None:
        letter, request = errand.letter, errand.request
        if errand.is_shown_already:
            await self._outbox.card_shown(letter, request.card_ts or "", errand.sha256, self._clock.now())
            return
        self._pacer.take(errand.lane, errand.rate)
        ts = await self._post_or_edit(errand)
        if letter.kind == "card":
            await self._outbox.card_shown(letter, ts, errand.sha256, self._clock.now())
        else:
            await self._outbox.sent(letter, ts, self._clock.now())

    async def _post_or_edit(self, errand: Errand) -> str:
        if errand.edits is None:
            return await self._messenger.post(errand.channel, errand.message, errand.thread_ts)
        await self._messenger.edit(errand.channel, errand.edits, errand.message)
        return errand.edits

    async def flush(self) -> None:
        """Stop, and send everything that may be sent now; what has to wait stays in the outbox."""
        await self.worker.stop()
        while await self.step() <= 0:
            pass
