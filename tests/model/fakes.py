"""Small stateful stand-ins where a socket would make the model test too slow: clock, directory, voice API."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.answer import Answer, Conclusion, StatusAnswer
from bot.domain.approvers import Member
from bot.domain.errors import TooLate, TryAgainLater
from bot.domain.metadata import REQUEST_ID_KEY
from bot.polyai.contract import CONTRACT
from tests.support.promises import Sent

TEAM = "T1"
RINGS = {Conclusion.PLACED, Conclusion.UNKNOWN}
"""After these a phone may be ringing."""

Answering = Callable[[], Awaitable[Answer]]


class Died(BaseException):
    """The process is gone: nothing catches this."""


class HandClock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.at = datetime(2026, 8, 24, 15, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def turn(self, by: timedelta) -> None:
        self.at += by


class People:
    """The workspace's people, as Slack would describe them at this moment."""

    home_team = TEAM

    def __init__(self, names: tuple[str, ...]) -> None:
        self.members = {name: Member(name, frozenset({TEAM})) for name in names}
        self.gone: set[str] = set()
        self.reachable = True

    async def member(self, user: str) -> Member:
        if not self.reachable:
            raise TryAgainLater("Slack did not answer.")
        return self.members[user]

    async def is_in_group(self, user: str, group: str) -> bool:
        return False

    async def in_group(self, group: str) -> list[str]:
        return []

    async def in_channel(self, channel: str) -> AsyncIterator[str]:
        for name in self.members:
            if name not in self.gone:
                yield name

    async def is_in_channel(self, user: str, channel: str) -> bool:
        return user not in self.gone

    async def obstacle(self, channel: str) -> None:
        return None


class Voice:
    """Keeps every POST, and answers what the test says."""

    contract = CONTRACT

    def __init__(self) -> None:
        self.sent: dict[str, list[Sent]] = defaultdict(list)
        self.answering: Answering | None = None
        self.sleeping: Callable[[], None] = lambda: None
        self.heard: StatusAnswer | None = None

    def payload(self, request_id: str, to_number: str, metadata: Mapping[str, str], encryption: str) -> bytes:
        body = {"to_number": to_number, "metadata": {**metadata, REQUEST_ID_KEY: request_id}}
        return json.dumps({**body, "encryption": encryption}).encode()

    async def place(self, payload: bytes, check: Callable[[], None]) -> Answer:
        request_id = json.loads(payload)["metadata"][REQUEST_ID_KEY]
        assert self.answering is not None
        self.sleeping()
        answer = Answer(Conclusion.UNKNOWN)  # as long as there is none
        try:
            check()
            answer = await self.answering()
        except TooLate as late:
            answer = Answer(Conclusion.NEVER_SENT, late.sentence)
        finally:
            rang = answer.conclusion in RINGS
            self.sent[request_id].append(Sent(payload, rang, not rang, answer.conclusion))
        return answer

    @property
    def rings(self) -> int:
        """How often any phone rang."""
        return sum(sent.rang for posts in self.sent.values() for sent in posts)

    async def status(self, call_sid: str) -> StatusAnswer:
        assert self.heard is not None
        return self.heard
