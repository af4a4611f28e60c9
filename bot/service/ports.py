"""What the use cases need from the outside, as narrow as it can be said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.answer import Answer, StatusAnswer
from bot.domain.approvers import Member
from bot.domain.audit_event import AuditEvent
from bot.domain.call_request import CallRequest
from bot.domain.call_status import CallInProgress
from bot.domain.card_channel import Obstacle
from bot.domain.events import Event
from bot.domain.freeze import Freeze
from bot.domain.move import Move
from bot.domain.policy.dialing_policy import DialingPolicy
from bot.domain.policy.records import Records
from bot.domain.suppression import Removal, Suppressed
from bot.domain.voice_contract import VoiceContract


class OnRecord(Protocol):
    """What else is on record, for a decision about a request: read when asked for, in its transaction."""

    def records(self, at: datetime) -> Records:
        """Of the request's number, as of that time."""

    def events(self) -> Sequence[AuditEvent]:
        """The request's own, oldest first."""

    def waiting(self) -> int:
        """How many requests of its requester wait for approval."""


Decide = Callable[[CallRequest, OnRecord], Move | None]
"""Looks at a call request as it stands and says what becomes of it; None leaves it as it is."""

Admit = Callable[[CallRequest, OnRecord], CallRequest]
"""Looks at a new request and returns it as it is stored, or refuses it."""


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> datetime:
        """The time, in UTC."""

    def heard(self, slack: datetime) -> None:
        """Slack said that this is the time now."""

    def doubt(self) -> str:
        """Why the time is not to be relied on; empty where nothing speaks against it."""

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Return when the event is set, or after so many seconds."""

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""


class CallStore(Protocol):
    """The record of every call request; its transitions are serialised and durable on return."""

    async def add(self, request: CallRequest, admit: Admit) -> CallRequest:
        """Store a new request; returns the earlier one where its form was submitted before."""

    async def refuse(self, request: CallRequest, rule: str) -> None:
        """Record that this was asked for, and that the rule refused it before the store was asked."""

    async def get(self, request_id: str) -> CallRequest:
        """The request. Raises Refused where there is none."""

    async def change(self, request_id: str, decide: Decide, *, surely: bool = False) -> CallRequest:
        """Read, decide and write in one transaction; returns the request as it stands then.

        `surely` is for what has happened outside already: it is tried again until it can be written.
        """

    async def adopt(self, policy: DialingPolicy, at: datetime) -> None:
        """Record the policy that holds from now on, if it is not the one that held before."""

    async def note(self, request_id: str, event: Event, actor: str, at: datetime) -> None:
        """Record an audit event that changes nothing."""

    async def refresh_card(self, request_id: str, message_ts: str, at: datetime) -> None:
        """Have that message brought up to date: the request's card, whatever it shows, or a copy of it."""

    async def dialable(self, at: datetime, most: int) -> list[CallRequest]:
        """The oldest approved requests whose time to be dialed has come; none while dialing is frozen."""

    async def next_dial(self) -> datetime | None:
        """When the next approved request wants to be dialed; None while dialing is frozen."""

    async def dialing_is_held(self) -> bool:
        """Whether PolyAI refused our access the last time it said anything about it."""

    async def dialing(self, lease_before: datetime | None = None) -> list[CallRequest]:
        """Requests with an open dial attempt; with `lease_before`, those whose lease ended before."""

    async def placed_since(self, at: datetime | None) -> list[CallInProgress]:
        """The calls in progress that were placed at that time or later, oldest first."""

    async def remindable(self, at: datetime) -> list[CallRequest]:
        """Requests whose approvers are to be reminded."""

    async def overdue(self, at: datetime) -> list[CallRequest]:
        """Requests that have waited too long for their approval or their dial."""


class Directory(Protocol):
    """Who is who in the workspace, read from Slack each time. Raises TryAgainLater."""

    home_team: str

    async def member(self, user: str) -> Member:
        """The user as they stand now. Raises NotAllowed where there is no such person for us."""

    async def is_in_group(self, user: str, group: str) -> bool:
        """Whether the user is in the user group now."""

    async def in_group(self, group: str) -> Sequence[str]:
        """Who is in the user group now. Raises TryAgainLater where Slack does not show it."""

    def in_channel(self, channel: str) -> AsyncIterator[str]:
        """Who is in the channel now."""

    async def is_in_channel(self, user: str, channel: str) -> bool:
        """Whether the user is in the channel now."""

    async def obstacle(self, channel: str) -> Obstacle | None:
        """What stands in the way of a card in that channel, if anything does."""


class VoiceApi(Protocol):
    """The service whose voice agents make the calls."""

    contract: VoiceContract

    def payload(self, request_id: str, to_number: str, metadata: Mapping[str, str], encryption: str) -> bytes:
        """The exact bytes that will be sent; what an approval is bound to."""

    async def place(self, payload: bytes, check: Callable[[], None]) -> Answer:
        """Send them, once. Never raises for what the network or the service does.

        `check` is asked right before they are written; where it raises TooLate, they never are.
        """

    async def status(self, call_sid: str) -> StatusAnswer:
        """Ask for a call's status. Never raises for what the network or the service does."""

    async def close(self) -> None:
        """Close the connections."""


class SafeguardStore(Protocol):
    """The suppression list and the freeze; what is done to them is serialised and durable on return.

    `tell` is the channel that is to be told.
    """

    async def suppress(self, number: str, why: str, by: str, at: datetime) -> Suppressed:
        """Put the number on the list, and cancel what waits to call it."""

    async def suppress_called(self, request_id: str, by: str, at: datetime) -> Suppressed:
        """The same for the number of a finished call, which is told. Raises Refused for any other."""

    async def ask_removal(self, number: str, why: str, by: str, at: datetime, tell: str) -> Removal:
        """The first wants the number off the list. Raises Refused where it is not on it, or was asked for."""

    async def agree_to_removal(self, number: str, removal: int, by: str, at: datetime, tell: str) -> None:
        """The second agrees, and it is off. Raises Refused where that removal does not wait for them."""

    async def freeze(self, why: str, by: str, at: datetime, tell: str, needed: int) -> int:
        """Stop all dialing; returns the freeze's number. Raises Refused where it is stopped already."""

    async def current_freeze(self) -> Freeze | None:
        """The freeze in force."""

    async def lift(self, which: int | None, by: str, at: datetime, tell: str, others: int) -> Freeze:
        """One more person wants dialing to go on. Raises Refused where that does not count.

        `others` is how many approvers there are besides the one who froze dialing.
        """
