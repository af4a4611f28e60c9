"""The use cases: everything that can be done to a call request, by people and by the clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

import structlog

from bot.domain import approval, call_status, placement
from bot.domain.answer import Answer, PollResult, StatusAnswer
from bot.domain.approvers import Approvers
from bot.domain.ask import Ask, asked
from bot.domain.backoff import backoff
from bot.domain.call_request import CallRequest, new_request_id, sha256_of
from bot.domain.call_status import CallInProgress
from bot.domain.card_channel import check_card_channel
from bot.domain.errors import InvalidFields, NotAllowed, Refused, TooLate, TryAgainLater
from bot.domain.events import Event
from bot.domain.move import Move
from bot.domain.policy.dialing_policy import DialingPolicy, shipped_policy
from bot.domain.policy.evaluate import evaluate
from bot.domain.policy.records import Records
from bot.domain.states import Status
from bot.domain.submission import admit, check_asked_again, check_may_wait
from bot.domain.voice_contract import VoiceContract
from bot.service.denial_cache import DenialCache
from bot.service.permissions import Permissions
from bot.service.ports import CallStore, Clock, Directory, OnRecord, VoiceApi

log = structlog.get_logger()

PERMISSION_HOLDS = timedelta(seconds=30)
"""What Slack said of a person at the form or the click, and of a channel at any form, holds this long."""

_FORM_WAITS = 2.0
"""Seconds. Slack shows an error of its own over a form that is not answered after three."""


@dataclass(frozen=True)
class Rules:
    """What an operator can set about approving and dialing."""

    approvers: Approvers
    policy: DialingPolicy = field(default_factory=shipped_policy)
    approvals_required: int = 1
    remind_after: timedelta = timedelta(minutes=30)
    approvals_channel: str | None = None
    approval_expires: timedelta = timedelta(hours=4)
    dial_expires: timedelta = timedelta(hours=24)
    retry_failed_to_place: bool = True
    slack_connect: bool = False
    max_pending: int = 50


@dataclass(frozen=True)
class CallService:
    """The use cases, over the ports they need. Each raises Refused where a person must be told."""

    store: CallStore
    directory: Directory
    voice: VoiceApi
    clock: Clock
    rules: Rules
    _checked_channels: dict[str, datetime] = field(default_factory=dict)

    @cached_property
    def permissions(self) -> Permissions:
        """Who may do what, for people who press and type."""
        return Permissions(self.directory, self.rules.approvers, DenialCache(self.clock))

    @property
    def contract(self) -> VoiceContract:
        """What the provider of the voice agents says of its API."""
        return self.voice.contract

    async def check_may_ask(self, user: str, channel: str) -> None:
        """Whether this person may ask for a call, and for one whose card goes where they are.

        Raises:
            NotAllowed: they are no full member.
            Refused: the card cannot go there.
            TryAgainLater: Slack does not say so, or not in time for its own form.
        """
        try:
            async with asyncio.timeout(_FORM_WAITS):
                await self.permissions.check_is_full_member(user)
                await self._check_card_channel(self._card_channel(channel))
        except TimeoutError:
            raise TryAgainLater("Slack did not answer in time. Please try again.") from None

    async def submit(self, requester: str, channel: str, form_id: str, ask: Ask) -> CallRequest:
        """Record a new call request; durable on return. The same form makes one request only.

        Raises:
            TooLate: the form was taken already, with something else in it.
            Refused: this person may not ask for it, or not there, or has too much waiting.
        """
        new = self._new_request(requester, channel, form_id, ask)
        try:
            await self.check_may_ask(requester, channel)
        except Refused as refusal:
            await self.store.refuse(new, "who_may_ask" if isinstance(refusal, NotAllowed) else "channel")
            raise

        def admitted(request: CallRequest, on_record: OnRecord) -> CallRequest:
            check_may_wait(on_record.waiting(), self.rules.max_pending)
            return admit(request, on_record.records(new.created_at), self.rules.policy, new.created_at)

        stored = await self.store.add(new, admitted)
        if stored.id != new.id:
            check_asked_again(new, stored)
        else:
            log.info("submitted", request=stored.id)
        return stored

    async def get(self, request_id: str) -> CallRequest:
        """The request as it stands. Raises Refused where there is none."""
        return await self.store.get(request_id)

    async def redraw(self, request: CallRequest, message_ts: str, *, is_old: bool) -> None:
        """Bring the card that was clicked up to date, if it is old or a second copy.

        A card whose post was answered too late for us to hear is posted again; a click on the copy that we
        do not know tells us where it is.
        """
        if is_old or message_ts != request.card_ts:
            await self.store.refresh_card(request.id, message_ts, self.clock.now())

    async def approve(self, request: CallRequest, user: str, sha256: str) -> CallRequest:
        """One more person approves exactly that submission."""
        await self.permissions.check_may_decide(request, user)
        at = self.clock.now()

        def decide(current: CallRequest, on_record: OnRecord) -> Move:
            rules, records = self.rules, on_record.records(at)
            return approval.approve(
                current,
                user,
                sha256,
                at,
                rules.dial_expires,
                evaluate(current, records, rules.policy, at),
                on_record.events(),
                required=rules.approvals_required,
            )

        changed = await self.store.change(request.id, decide)
        log.info("approval_given", request=changed.id, status=changed.status.value)
        return changed

    async def check_may_deny(self, request: CallRequest, user: str) -> None:
        """Before the reason is asked for: whether this user could still deny it."""
        await self.permissions.check_may_decide(request, user)
        approval.deny(request, user, "", self.clock.now())

    async def deny(self, request: CallRequest, user: str, reason: str) -> CallRequest:
        """The second person denies it."""
        await self.permissions.check_may_decide(request, user)
        changed = await self.store.change(
            request.id, lambda current, _: approval.deny(current, user, reason, self.clock.now())
        )
        log.info("denied", request=changed.id)
        return changed

    async def cancel(self, request: CallRequest, user: str) -> CallRequest:
        """The requester takes it back."""
        changed = await self.store.change(
            request.id, lambda current, _: approval.cancel(current, user, self.clock.now())
        )
        log.info("cancelled", request=changed.id)
        return changed

    async def review(self, request: CallRequest, user: str) -> None:
        """Whether this user may see every detail: the requester, or an approver. It is recorded."""
        if user != request.requester:
            await self.permissions.check_may_decide(request, user)
        await self.store.note(request.id, Event.REVIEWED, user, self.clock.now())

    async def check_may_resolve(self, request: CallRequest, user: str) -> None:
        """Before anything is asked: whether this user could resolve it as unconfirmed."""
        await self.permissions.check_may_decide(request, user)
        call_status.close(request, user, self.clock.now())

    async def confirm_placed(self, request: CallRequest, user: str, call_sid: str) -> CallRequest:
        """Somebody who may approve found the unconfirmed call at PolyAI."""
        contract = self.contract
        if not contract.call_sid.match(call_sid):
            wrong = f"A call_sid looks like {contract.call_sid_looks} Copy the whole of it from PolyAI."
            raise InvalidFields({"call_sid": wrong})
        await self.permissions.check_may_decide(request, user)
        return await self.store.change(
            request.id,
            lambda current, _: call_status.confirm_placed(current, call_sid, user, self.clock.now()),
        )

    async def confirm_reported(self, request: CallRequest, user: str) -> CallRequest:
        """Somebody who may approve says that the call which PolyAI's answer named is this one."""
        await self.permissions.check_may_decide(request, user)
        return await self.store.change(
            request.id, lambda current, _: call_status.confirm_reported(current, user, self.clock.now())
        )

    async def close(self, request: CallRequest, user: str) -> CallRequest:
        """Somebody who may approve ends an unconfirmed call."""
        await self.permissions.check_may_decide(request, user)
        return await self.store.change(
            request.id, lambda current, _: call_status.close(current, user, self.clock.now())
        )

    async def dial(self, request: CallRequest) -> Answer | None:
        """Place an approved call, once; None where it was not sent. Never raises Refused."""
        try:
            await self._check_approval_stands(request)
            at, began = self.clock.now(), time.monotonic()
            claimed = await self._claim(request, at)
        except TooLate:
            return None  # cancelled or expired between the query and the claim
        if claimed.status is not Status.DIALING:
            return None

        def check_sending() -> None:
            # Only the time is looked at: the records were at the claim, and count this very attempt by now.
            decision = evaluate(claimed, Records(), self.rules.policy, self.clock.now())
            placement.check_sending(decision, at, timedelta(seconds=time.monotonic() - began))

        return await self._place(claimed, check_sending)

    async def follow(self, call: CallInProgress) -> tuple[CallInProgress | None, StatusAnswer]:
        """Ask PolyAI how a placed call stands, and record what is new; None where that was its end."""
        answer, kept, at = await self.voice.status(call.call_sid), self.contract.status_kept, self.clock.now()
        if call.heard_at is None or answer.result is PollResult.STATUS:
            call = replace(call, heard_at=at)
        if not call_status.is_news(call, answer, at, kept):
            return call, answer
        changed = await self.store.change(
            call.id,
            lambda current, _: call_status.on_status(current, answer, at, kept, call.heard_at, call.changes),
        )
        return call_status.call_in_progress(changed, call.heard_at, call.changes + 1), answer

    async def expire_overdue(self) -> None:
        """End what has waited too long."""
        for request in await self.store.overdue(self.clock.now()):
            try:
                await self.store.change(
                    request.id, lambda current, _: approval.expire(current, self.clock.now())
                )
            except TooLate:
                continue  # decided in this very moment

    async def abandon_open_attempts(self, *, lease_ended: bool) -> None:
        """Attempts that will never have an answer become unconfirmed, and are never sent again.

        At start-up all of them (the process that sent them is gone), later those without a lease.
        """
        at = self.clock.now()
        for request in await self.store.dialing(at if lease_ended else None):
            log.warning("unconfirmed", request=request.id)
            await self.store.change(request.id, lambda current, _: placement.abandon(current, at))

    async def remind_approvers(self) -> None:
        """Remind whoever may approve of what waits for them."""
        at, rules = self.clock.now(), self.rules
        for request in await self.store.remindable(at):
            await self.store.change(
                request.id,
                lambda current, _: approval.remind(current, rules.approvers, rules.remind_after, at),
            )

    async def _claim(self, request: CallRequest, at: datetime) -> CallRequest:
        """The policy is asked once more, in the transaction from which on the phone may ring."""

        def decide(current: CallRequest, on_record: OnRecord) -> Move:
            records, required = on_record.records(at), self.rules.approvals_required
            decision = evaluate(current, records, self.rules.policy, at)
            events = on_record.events()
            return placement.dial(current, at, decision, events, frozen=records.frozen, required=required)

        return await self.store.change(request.id, decide)

    def _new_request(self, requester: str, channel: str, form_id: str, ask: Ask) -> CallRequest:
        at = self.clock.now()
        request_id = new_request_id(at)
        payload = self.voice.payload(request_id, ask.to_number, ask.metadata, ask.encryption)
        return CallRequest(
            **asked(ask),
            id=request_id,
            form_id=form_id,
            status=Status.PENDING_APPROVAL,
            requester=requester,
            channel=self._card_channel(channel),
            origin_channel=channel,
            payload=payload,
            payload_sha256=sha256_of(payload),
            created_at=at,
            approval_expires_at=at + self.rules.approval_expires,
            approvals_required=self.rules.approvals_required,
            remind_at=at + self.rules.remind_after,
        )

    async def _place(self, request: CallRequest, check: Callable[[], None]) -> Answer:
        answer = await self.voice.place(request.payload, check)
        log.info(
            "dialed",
            request=request.id,
            conclusion=answer.conclusion.value,
            call_sid=answer.call_sid,
            http_status=answer.http_status,
            correlation_id=answer.correlation_id,
        )
        retry = placement.Retry(
            lambda attempts: backoff(attempts, first=2.0, limit=120.0), self.rules.retry_failed_to_place
        )
        try:
            await self._conclude(request, answer, retry)
        except InvalidFields:
            # Somebody named this call_sid for another request, by mistake; which of the two it is,
            # only a person can find out.
            await self._conclude(request, placement.taken(answer), retry)
        return answer

    async def _conclude(self, request: CallRequest, answer: Answer, retry: placement.Retry) -> None:
        await self.store.change(
            request.id,
            lambda current, _: placement.conclude(current, answer, self.clock.now(), retry),
            surely=True,
        )

    async def _check_approval_stands(self, request: CallRequest) -> None:
        """Check again who asked and who approved, where that is a while ago: they may have left since."""
        at = self.clock.now()
        fresh = Permissions(self.directory, self.rules.approvers)
        why = "Somebody who approved it may not approve any more."
        try:
            for given in request.approvals:
                if at - given.at >= PERMISSION_HOLDS:
                    await fresh.check_may_decide(request, given.by)
            why = "Who asked for it is no full member of this workspace any more."
            if at - request.created_at >= PERMISSION_HOLDS:
                await fresh.check_is_full_member(request.requester)
        except NotAllowed:
            await self.store.change(request.id, lambda current, _: placement.block(current, why, at))
        except TryAgainLater as error:
            away = error.sentence
            await self.store.change(
                request.id, lambda current, _: placement.postpone(current, away, at, 15.0)
            )

    async def _check_card_channel(self, channel: str) -> None:
        """Only that nothing is in the way is remembered: Slack allows 50 looks a minute, for all channels.

        What is shared or archived a moment later shows the cards of the moment before all the same.
        """
        at = self.clock.now()
        seen = self._checked_channels.get(channel)
        if seen is None or not timedelta() <= at - seen < PERMISSION_HOLDS:
            check_card_channel(
                channel, await self.directory.obstacle(channel), slack_connect=self.rules.slack_connect
            )
            self._checked_channels[channel] = at

    def _card_channel(self, channel: str) -> str:
        """Where the card goes that is asked for in this channel."""
        return self.rules.approvals_channel or channel
