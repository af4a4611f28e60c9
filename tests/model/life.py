"""The life of call requests as a machine: hypothesis does anything to them, in any order."""

from __future__ import annotations

import asyncio
import itertools
import random
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import sqlite_utils
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.answer import Answer, Conclusion, PollResult, StatusAnswer
from bot.domain.approvers import Approvers
from bot.domain.ask_form import read_ask
from bot.domain.call_request import CallRequest
from bot.domain.errors import CallgateError
from bot.domain.fingerprint import submission_sha256
from bot.domain.freeze import LIFTS_NEEDED
from bot.domain.policy.dialing_policy import read_policy
from bot.polyai.contract import CONTRACT
from bot.service.calls import CallService, Rules
from bot.service.permissions import Permissions
from bot.service.safeguards import Safeguards
from storage import installation
from storage.calls.store import SqliteCallStore
from storage.database.threads import Database
from storage.safeguards import freezes, suppressions
from storage.safeguards.store import SqliteSafeguardStore
from tests.model.fakes import RINGS, Died, HandClock, People, Voice
from tests.support.process_world import NO_CAPS
from tests.support.promises import Books, always

T = TypeVar("T")

ALICE, BOB, CAROL, DAVE = "UALICE", "UBOB", "UCAROL", "UDAVE"
APPROVERS = (BOB, CAROL, ALICE)  # she may approve, but never what she asked for herself
NUMBER = "+16176451984"
ASK = read_ask(
    {
        "to_number": NUMBER,
        "purpose": "informational",
        "why": "Reminder",
        "metadata": "variant=café",
        "consent_kind": "prior_express",
        "consent_reference": "CRM 4711",
    },
    CONTRACT,
)
POLICY = read_policy(NO_CAPS.read_text())

people = st.sampled_from([BOB, CAROL, BOB, CAROL, ALICE, DAVE])
which = st.integers(min_value=0, max_value=5)
mostly = st.sampled_from([True] * 4 + [False])
conclusions = st.sampled_from([*Conclusion, *[Conclusion.PLACED] * 3])
poll_results = st.sampled_from(
    [
        *[StatusAnswer(PollResult.STATUS, word) for word in ("queued", "ringing", "succeeded", "odd")],
        StatusAnswer(PollResult.STATUS, "failed", "no answer"),
        StatusAnswer(PollResult.NOT_FOUND),
        StatusAnswer(PollResult.NO_ANSWER, retry_after=30.0),
    ]
)
jumps = st.sampled_from([-3600, -5, 1, 3, 31, 31, 150, 150, 7200, 5 * 3600, 25 * 3600])


MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where a commit waits for no disk; what is durable is asked elsewhere."""


class Life(RuleBasedStateMachine):
    """The use cases over a real database; only the clock, the people and PolyAI are played."""

    reached: ClassVar[set[str]] = set()
    """Every status that any request ever had, in all lives."""

    @initialize()
    def open(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="callgate-model-", dir=MEMORY))
        self.clock, self.people, self.voice = HandClock(), People((ALICE, BOB, CAROL, DAVE)), Voice()
        self.ids: list[str] = []
        self.approved: dict[str, bytes] = {}
        self._sids = (f"OUT-{number}" for number in itertools.count())
        self._take_up()

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self.loop.close()
            shutil.rmtree(self.folder)

    # -- people

    @rule(requester=st.sampled_from([ALICE, ALICE, ALICE, BOB]), form=st.integers(0, 30))
    def submit(self, requester: str, form: int) -> None:
        request = self.run(self.service.submit(requester, "C1", f"V{form}", ASK))
        if request is not None and request.id not in self.ids:
            self.ids.append(request.id)

    @precondition(lambda self: self.ids)
    @rule(
        which=which,
        users=st.lists(people, min_size=1, max_size=3),
        right=mostly,
    )
    def approve(self, which: int, users: list[str], right: bool) -> None:
        """One click, two of the same person, or several people at once."""
        request = self.request(which)
        sha256 = submission_sha256(request) if right else "0" * 64
        self.run(self._together(*(self.service.approve(request, user, sha256) for user in users)))
        if self.request(which).status == "approved":
            self.approved.setdefault(request.id, request.payload)

    @rule(form=st.integers(0, 30), conclusion=conclusions)
    def submit_approve_and_dial(self, form: int, conclusion: Conclusion) -> None:
        """The usual way, so that many a request gets far; both approvers click."""
        self.submit(ALICE, form)
        if not self.ids:
            return  # the number is on the suppression list
        self.approve(len(self.ids) - 1, [BOB, CAROL], True)
        self.dial(conclusion, True)

    @precondition(lambda self: self.ids)
    @rule(which=which, user=people)
    def deny(self, which: int, user: str) -> None:
        self.run(self.service.check_may_deny(self.request(which), user))
        self.run(self.service.deny(self.request(which), user, "No"))

    @precondition(lambda self: self.ids)
    @rule(which=which, user=people)
    def cancel_twice(self, which: int, user: str) -> None:
        cancels = (self.service.cancel(self.request(which), user) for _ in range(2))
        self.run(self._together(*cancels))

    @precondition(lambda self: self.ids)
    @rule(which=which, user=people)
    def review(self, which: int, user: str) -> None:
        self.run(self.service.review(self.request(which), user))

    @precondition(lambda self: self.ids)
    @rule(which=which, user=people, sid=st.integers(0, 3))
    def confirm_placed(self, which: int, user: str, sid: int) -> None:
        """With a call_sid of their own, or with one that another request may have."""
        self.run(self.service.confirm_placed(self.request(which), user, f"OUT-{sid}"))

    @precondition(lambda self: self.ids)
    @rule(which=which, user=people)
    def confirm_reported(self, which: int, user: str) -> None:
        self.run(
            self._together(*(self.service.confirm_reported(self.request(which), user) for _ in range(2)))
        )

    @precondition(lambda self: self.ids)
    @rule(which=which, user=people)
    def close(self, which: int, user: str) -> None:
        self.run(self.service.check_may_resolve(self.request(which), user))
        self.run(self.service.close(self.request(which), user))

    # -- what stops calls

    @rule(user=people, conclusion=conclusions)
    def freeze_and_dial(self, user: str, conclusion: Conclusion) -> None:
        """From then on nothing is sent; `_dial_all` sees to that."""
        self.run(self.safeguards.freeze(user, "C1", "why"))
        self.dial(conclusion, True)

    @rule(user=people)
    def freeze_while_dialing(self, user: str) -> None:
        """The first POST is out, the others were about to be claimed."""

        async def answering() -> Answer:
            with suppress(CallgateError):
                await self.safeguards.freeze(user, "C1", "why")
            return self._answer(Conclusion.PLACED)

        self._dial_all(answering, True)

    @rule(users=st.lists(people, min_size=2, max_size=4), named=st.sampled_from([0, 0, 0, -1]))
    def unfreeze(self, users: list[str], named: int) -> None:
        """It goes on exactly where two people other than who froze want it, and name that freeze."""
        freeze = self.read(freezes.current)
        number = named + (freeze.id if freeze is not None else 1)
        self.run(self._together(*(self.safeguards.unfreeze(user, "C1", number) for user in users)))
        if freeze is not None and self.read(freezes.current) is None:
            assert len({*freeze.lifted_by, *users} - {freeze.frozen_by}) >= LIFTS_NEEDED and named == 0

    @rule(user=people, conclusion=conclusions)
    def stop_and_dial(self, user: str, conclusion: Conclusion) -> None:
        """What waits is cancelled and nothing is dialed, until two people take the number off again."""
        stopped = self.run(self.safeguards.stop(user, NUMBER, "why"))
        rings = self.voice.rings
        self.dial(conclusion, True)
        assert stopped is None or rings == self.voice.rings
        self.unstop([BOB, CAROL])

    @rule(users=st.lists(people, min_size=2, max_size=3))
    def unstop(self, users: list[str]) -> None:
        """Each asks, and agrees to whatever waits; the last removal of all may be another's, or over."""
        before, asked = self.read(suppressions.count), self.read(_who_asked)
        for user in users:
            self.run(self.safeguards.unstop(user, "C1", NUMBER, "why"))
            self.run(self.safeguards.agree_to_unstop(user, "C1", NUMBER, self.read(_last_removal)))
        assert self.read(suppressions.count) == before or len(asked | set(users)) > 1

    @precondition(lambda self: self.ids)
    @rule(which=which, user=people)
    def asked_to_stop(self, which: int, user: str) -> None:
        self.run(self.safeguards.asked_to_stop(user, self.id(which)))
        self.unstop([CAROL, BOB])

    # -- Callgate and PolyAI

    @rule(conclusion=conclusions, believed=st.booleans())
    def dial(self, conclusion: Conclusion, believed: bool) -> None:
        """Everything that is due, each twice at once: only one of the two may send."""

        async def answering() -> Answer:
            return self._answer(conclusion)

        self._dial_all(answering, believed)

    @rule(conclusion=conclusions)
    def dial_and_wait_too_long(self, conclusion: Conclusion) -> None:
        """The lease ends while the POST is under way, and somebody decides before its answer comes."""

        async def answering() -> Answer:
            self.clock.turn(timedelta(minutes=3))
            await self.service.abandon_open_attempts(lease_ended=True)
            for request_id in self.ids:
                with suppress(CallgateError):
                    await self.service.close(await self.store.get(request_id), random.choice(APPROVERS))
            return self._answer(conclusion)

        self._dial_all(answering, True)

    @rule(seconds=st.sampled_from([-3600, -1, 1, 59, 61, 150, 12 * 3600]), conclusion=conclusions)
    def sleep_before_sending(self, seconds: int, conclusion: Conclusion) -> None:
        """The machine sleeps, or its clock is set, between a claim and its bytes: sent soon or not at all."""

        async def answering() -> Answer:
            assert 0 <= seconds < 60
            return self._answer(conclusion)

        self.voice.sleeping = lambda: self.clock.turn(timedelta(seconds=seconds))
        self._dial_all(answering, True)
        self.voice.sleeping = lambda: None

    @rule()
    def die_while_dialing(self) -> None:
        """The POST is out, and the process is gone before its answer."""

        async def answering() -> Answer:
            raise Died

        with suppress(Died):
            self._dial_all(answering, True)
        self.restart()

    @rule(heard=poll_results)
    def follow(self, heard: StatusAnswer) -> None:
        self.voice.heard = heard
        for request in self.run(self.store.placed_since(None)) or []:
            self.run(self._together(self.service.follow(request), self.service.follow(request)))

    @rule()
    def expire(self) -> None:
        self.run(self.service.expire_overdue())
        self.run(self.service.abandon_open_attempts(lease_ended=True))

    # -- the world

    @rule(seconds=jumps)
    def jump(self, seconds: int) -> None:
        self.clock.turn(timedelta(seconds=seconds))

    @rule(user=st.sampled_from([BOB, CAROL]))
    def leave_or_come_back(self, user: str) -> None:
        self.people.gone ^= {user}

    @rule()
    def slack_goes_or_returns(self) -> None:
        self.people.reachable = not self.people.reachable

    @rule()
    def restart(self) -> None:
        self.database.close()
        self._take_up()

    @invariant()
    def every_promise_holds(self) -> None:
        if not hasattr(self, "database"):
            return
        books = Books(self.folder / "callgate.db")
        assert always(books, self.voice.sent).broken == []
        for request in books.requests:
            sent = self.voice.sent.get(request.id, [])
            assert [post.body for post in sent] == [self.approved.get(request.id)] * request.attempts
            self.reached.add(request.status)

    # -- how it is done

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """Do it; a refusal is an answer like any other."""
        with suppress(CallgateError):
            return self.loop.run_until_complete(doing)

    def id(self, which: int) -> str:
        return self.ids[which % len(self.ids)]

    def request(self, which: int) -> CallRequest:
        return self.loop.run_until_complete(self.store.get(self.id(which)))

    def read(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        return self.loop.run_until_complete(self.database.read(work))

    def _dial_all(self, answering: Callable[[], Awaitable[Answer]], believed: bool) -> None:
        async def sent() -> Answer:
            assert not await self.safeguards.is_frozen()
            return await answering()

        self.voice.answering = sent
        rules = Rules(Approvers.of_channel(), POLICY, retry_failed_to_place=believed)
        service = CallService(self.store, self.people, self.voice, self.clock, rules)
        for request in self.run(self.store.dialable(self.clock.now(), 100)) or []:
            self.run(self._together(service.dial(request), service.dial(request)))

    async def _together(self, *doing: Coroutine[Any, Any, Any]) -> None:
        for result in await asyncio.gather(*doing, return_exceptions=True):
            if isinstance(result, BaseException) and not isinstance(result, CallgateError):
                raise result

    def _answer(self, conclusion: Conclusion) -> Answer:
        """A call_sid where it was placed, and sometimes where nobody can know."""
        names_it = conclusion in RINGS and (conclusion is Conclusion.PLACED or random.random() < 0.5)
        call_sid = next(self._sids) if names_it else None
        return Answer(conclusion, "told so", call_sid, retry_after=1.0)

    def _take_up(self) -> None:
        self.database = Database(self.folder / "callgate.db")
        self.store = SqliteCallStore(self.database, lambda _: None)
        self.service = CallService(
            self.store, self.people, self.voice, self.clock, Rules(Approvers.of_channel(), POLICY)
        )
        self.safeguards = Safeguards(
            SqliteSafeguardStore(self.database, lambda _: None),
            Permissions(self.people, Approvers.of_channel()),
            self.clock,
        )
        self.run(self.service.abandon_open_attempts(lease_ended=False))


def _who_asked(db: sqlite_utils.Database) -> set[str]:
    """Who asked already to take a number off the list."""
    return {asker for (asker,) in db.execute("SELECT asked_by FROM suppression_removals").fetchall()}


def _last_removal(db: sqlite_utils.Database) -> int:
    """The newest removal that was ever asked for."""
    return int(installation.read(db, installation.LAST_REMOVAL) or 0)
