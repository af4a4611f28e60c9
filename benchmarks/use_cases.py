"""The use cases over the real store, with neither Slack nor PolyAI behind them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.emulators import NO_CAPS
from bot.domain.answer import Answer, Conclusion, PollResult, StatusAnswer
from bot.domain.approvers import Approvers, Member
from bot.domain.ask_form import read_ask
from bot.domain.fingerprint import submission_sha256
from bot.domain.policy.dialing_policy import read_policy
from bot.polyai.contract import CONTRACT
from bot.polyai.outbound_calling import OutboundCallingApi
from bot.service.calls import CallService, Rules
from storage.calls.store import SqliteCallStore
from storage.database.threads import Database

_TEAM = "T1"
_NO_LIMIT = 10**9  # Alice asks for every call.
_FORM = {
    "purpose": "informational",
    "why": "Reminder of the appointment",
    "metadata": "appointment_date=2026-08-26\nvariant=Inpatient at St Charles",
    "consent_kind": "prior_express",
    "consent_reference": "CRM 4711",
}
_NO_CAPS = read_policy(NO_CAPS.read_text())
_numbers = itertools.count()


class Office:
    """Alice asks, Bob approves, PolyAI accepts and tells what it is made to; one call after the other."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock, self._voice = database, _Afternoon(), _Voice()
        self._store = SqliteCallStore(database, lambda _: None)
        self._service = CallService(
            self._store,
            _People(),
            self._voice,
            self.clock,
            Rules(Approvers.of_channel(), _NO_CAPS, max_pending=_NO_LIMIT),
        )

    async def submit(self) -> None:
        """The form of a new request."""
        form = {**_FORM, "to_number": f"+1617645{next(_numbers) % 10_000:04}"}
        form_id = f"V{time.time_ns()}"
        self._request = await self._service.submit("U0ALICE", "C0CALLS", form_id, read_ask(form, CONTRACT))

    async def approve(self) -> None:
        """Bob's yes."""
        await self._service.approve(self._request, "U0BOB", submission_sha256(self._request))

    async def dial(self) -> None:
        """Find it, claim it, and record that it was placed."""
        (request,) = await self._store.dialable(self.clock.now(), 1)
        await self._service.dial(request)

    async def on_status(self, word: str = "ringing") -> None:
        """Find it among the calls in progress, and record what PolyAI tells of it."""
        self._voice.word = word
        *_, call = await self._store.placed_since(self._request.created_at)
        await self._service.follow(call)

    async def close(self) -> None:
        """Close what was opened for it."""
        await self._voice.close()


class _Voice(OutboundCallingApi):
    """Makes the real payloads and sends nothing."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9", "nobody's token")
        self.word = "queued"

    async def place(self, payload: bytes, check: Callable[[], None]) -> Answer:
        check()
        call_sid = f"OUT-{time.time_ns()}-{next(_numbers)}"
        return Answer(Conclusion.PLACED, "", call_sid, 200, "0b5ba0c6-6b1f-4c9e-9f6c-8f1f1c4b0d11")

    async def status(self, call_sid: str) -> StatusAnswer:
        return StatusAnswer(PollResult.STATUS, self.word)


class _People:
    """Everybody is a full member, and in the channel."""

    home_team = _TEAM

    async def member(self, user: str) -> Member:
        return Member(user, frozenset({_TEAM}))

    async def is_in_group(self, user: str, group: str) -> bool:
        return False

    async def is_in_channel(self, user: str, channel: str) -> bool:
        return True

    async def obstacle(self, channel: str) -> None:
        return None


class _Afternoon:
    """The machine's clock, moved to an afternoon in New York, when a call may be made."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self._moved = now.replace(hour=18, minute=0, second=0) - now

    def now(self) -> datetime:
        return datetime.now(UTC) + self._moved

    async def wait(self, event: object, seconds: float) -> None:
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError
