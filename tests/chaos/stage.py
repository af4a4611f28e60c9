"""The workspace of a chaos run: more people, more channels, and what each action of the script does."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.domain.call_request import sha256_of
from bot.domain.metadata import REQUEST_ID_KEY
from sandbox.slack.errors import SlackRefuses
from sandbox.slack.model import Message
from sandbox.slack.person import Person
from tests.chaos.machine import around_the_bot
from tests.chaos.plan import APPROVERS, CHANNELS, REQUESTERS, Action
from tests.chaos.troubles import MACHINE, MAX_TIMES, POLYAI, READS, SLACK, SOCKET
from tests.support.process_world import FORM, ProcessWorld

PROGRESS = [(0.0, "queued", ""), (2.0, "calling", ""), (5.0, "success", "")]


_APPROVED_BY_HAND = (
    "status = 'approved', approved_by = 'U0MALLORY', approved_at = created_at,"
    " approved_sha256 = payload_sha256,"
    " approvals = json_array(json_object('by', 'U0MALLORY', 'at', created_at)), dial_after = created_at,"
    " dial_expires_at = '2999-01-01T00:00:00+00:00'"
)
_ANOTHER_PAYLOAD = "payload = :payload, payload_sha256 = :sha256, approved_sha256 = :sha256"


class Stage(ProcessWorld):
    """Does what the script says; whoever is told that something failed tries it again, twice.

    Each of the bot's lives is reached the other way: over Socket Mode, then over HTTP, and so on.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, CALLGATE_APPROVERS="{group}")
        self.polyai.set_progress(PROGRESS)
        self.slack.socket.seconds_until_closed = 2.0
        everybody = [self.alice, self.bob, self.carol, *map(self.slack.add_person, REQUESTERS[1:])]
        self.people = {person.name: person for person in everybody}
        self.channels = {"calls": self.channel}
        for name in CHANNELS[1:]:
            self.channels[name] = self.slack.add_channel(name, everybody)
        self.channel.members = [*[person.id for person in everybody], self.slack.bot_user_id]
        self.faults: Counter[str] = Counter()
        self.edited: dict[str, int] = {}
        self.lives: Counter[str] = Counter()
        self._busy = {name: asyncio.Lock() for name in self.people}
        self._doing: dict[str, Callable[[Action], Awaitable[None]]] = {
            "asks": self._ask,
            "approves": self._approve,
            "double-clicks": self._double_click,
            "denies": self._deny,
            "cancels": self._cancel,
            "resolves": self._resolve,
            "reviews": self._review,
            "gives trouble:": self._trouble,
            "edits a row": self._edit,
            "is killed": self._kill,
        }

    def before_start(self) -> None:
        """The modes take turns."""
        self.reach_over(http=self.lives.total() % 2 == 1)
        self.lives["HTTP" if self.http else "Socket Mode"] += 1

    async def perform(self, action: Action) -> None:
        """Do it, if there is anything to do it to."""
        async with self._busy.get(action.who, contextlib.nullcontext()):
            with contextlib.suppress(SlackRefuses):
                await self._doing[action.what](action)

    def all_cards(self) -> list[Message]:
        """The bot's messages outside threads, of every channel."""
        shelves = (self.slack.workspace.messages.top_level(channel.id) for channel in self.channels.values())
        return [message for shelf in shelves for message in shelf if message.user == self.slack.bot_user_id]

    async def _ask(self, action: Action) -> None:
        person = self.people[action.who]
        await person.type("/call", self.channels[action.which])
        await self.seen(lambda: person.modals, 3.0)
        await self._submit(person, {**FORM, "why": f"Reminder {action.number}"})

    async def _submit(self, person: Person, values: dict[str, Any]) -> None:
        if not person.modals:
            return
        view = person.modals[-1]
        for _ in range(3):
            await self.submit(person, view, values)
            if view.closed:
                return
            await asyncio.sleep(1)
        await person.close(view)

    async def _approve(self, action: Action) -> None:
        names = APPROVERS if action.who == "Everybody" else (action.who,)
        card = self._card(action, "approve")
        clicks = (self.people[name].click(card, "approve") for name in names)
        await asyncio.gather(*clicks, return_exceptions=True)

    async def _double_click(self, action: Action) -> None:
        card, person = self._card(action, "approve"), self.people[action.who]
        await asyncio.gather(*(person.click(card, "approve") for _ in range(2)), return_exceptions=True)

    async def _deny(self, action: Action) -> None:
        person = self.people[action.who]
        await person.click(self._card(action, "deny"), "deny")
        await self.seen(lambda: person.modals, 3.0)
        await self._submit(person, {"reason": f"No {action.number}"})

    async def _cancel(self, action: Action) -> None:
        await self.people[action.who].click(self._card(action, "cancel"), "cancel")

    async def _review(self, action: Action) -> None:
        person = self.people[action.who]
        await person.click(self._card(action, "open_review"), "open_review")
        await self.seen(lambda: person.modals, 3.0)
        for view in person.modals:
            await person.close(view)

    async def _resolve(self, action: Action) -> None:
        """The approver finds the call at PolyAI, or does not."""
        person, card = self.people[action.who], self._card(action, "it_was_placed")
        call_sid = self._found(card)
        if "follow_it" in card.buttons:
            await person.click(card, "follow_it")
            return
        if call_sid is None:
            await person.click(card, "close_it")
            return
        await person.click(card, "it_was_placed")
        await self.seen(lambda: person.modals, 3.0)
        await self._submit(person, {"call_sid": call_sid})

    def _found(self, card: Message) -> str | None:
        posts = [post for post in self.polyai.posts if post.json["metadata"][REQUEST_ID_KEY] in card.plain]
        return next((post.call_sid for post in posts if post.call_sid), None)

    def _card(self, action: Action, button: str) -> Message:
        """The newest few are looked at; SlackRefuses where none has the button."""
        cards = [card for card in self.all_cards() if button in card.buttons][-6:]
        if not cards:
            raise SlackRefuses(f"no card has {button}")
        return cards[action.number % len(cards)]

    async def _trouble(self, action: Action) -> None:
        self.faults[action.who] += 1
        times = 1 + action.number % MAX_TIMES
        if action.who == "PolyAI":
            self.polyai.faults.add(*POLYAI[action.which], times)
        elif action.who == "The machine":
            async with around_the_bot(self, self.all_cards(), action.which):
                await asyncio.sleep(MACHINE[action.which])
        elif action.who == "The socket":
            await SOCKET[action.which](self.slack.socket)
        else:
            self.slack.faults.add(*(SLACK | READS)[action.which], times)

    async def _edit(self, action: Action) -> None:
        """A pending request is approved by hand, or its payload is another one, with every hash to fit."""
        found = self.rows("SELECT id, status, payload FROM call_requests WHERE status = ?", action.which)
        if not found:
            return
        row = found[action.number % len(found)]
        payload = row["payload"].replace("6176451984", "6175550199")
        sha256 = sha256_of(payload.encode())
        by_hand = action.which == "pending_approval"
        sets = _APPROVED_BY_HAND if by_hand else _ANOTHER_PAYLOAD
        values = {"id": row["id"], "status": row["status"], "payload": payload, "sha256": sha256}
        sql = f"UPDATE call_requests SET {sets} WHERE id = :id AND status = :status"
        if self.execute(sql, **values):  # and from here on it must not be sent any more
            posts = [post.json["metadata"][REQUEST_ID_KEY] for post in self.polyai.posts]
            self.edited[row["id"]] = posts.count(row["id"])

    async def _kill(self, _action: Action) -> None:
        await self.kill()
