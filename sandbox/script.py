"""Plays requester and approver through one whole call, and prints each step as it is seen."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from sandbox.daytime import number_by_day
from sandbox.readable import readable
from sandbox.sandbox import Sandbox
from sandbox.slack.model import Message

T = TypeVar("T")


class Script:
    """One whole call, step by step; a step that is not seen raises."""

    def __init__(self, sandbox: Sandbox, console: Console) -> None:
        self._sandbox = sandbox
        self._console = console
        self._began = time.monotonic()
        self._number = number_by_day(datetime.now(UTC))

    async def play(self) -> None:
        """Play it. AssertionError or TimeoutError at the first step that is not seen."""
        sandbox = self._sandbox
        self._say("The bot is connected to an emulated Slack and an emulated PolyAI")
        await self._fill_in_the_form()
        card = await self._see("The card is in #calls, with the number masked", self._card)
        await self._be_refused(card)
        await sandbox.bob.click(card, "approve")
        await self._see(
            "Bob pressed Approve, and the thread says so", lambda: self._told(card, "Approved by")
        )
        await self._follow(card)
        self._show(card)

    async def _fill_in_the_form(self) -> None:
        alice, channel = self._sandbox.alice, self._sandbox.channel
        command = f'/call {self._number} appointment_date=2026-08-26 variant="Inpatient at St Charles"'
        self._say(f"Alice types {command}")
        await alice.type(command, channel)
        await self._see("The form opens, filled in", lambda: alice.modals)
        await alice.click(alice.modals[-1], "purpose", value="informational")
        await self._see("It asks for their consent", lambda: "consent_kind" in alice.modals[-1].state)
        consent = {"consent_kind": "prior_express", "consent_reference": "CRM 4711"}
        await alice.submit(values={"why": "Reminder of the appointment", **consent})
        await self._see("Alice submits it, and it closes", lambda: not alice.modals)

    async def _be_refused(self, card: Message) -> None:
        alice, channel = self._sandbox.alice, self._sandbox.channel
        await alice.click(card, "approve")
        await self._see("Alice presses Approve herself and is refused", lambda: alice.hears(channel))
        if self._sandbox.polyai.posts:
            raise AssertionError("something was sent to PolyAI before the approval")

    async def _follow(self, card: Message) -> None:
        polyai = self._sandbox.polyai
        await self._see("PolyAI was sent the call", lambda: polyai.calls)
        call_sid = next(iter(polyai.calls))
        await self._see(f"The thread says it was placed: {call_sid}", lambda: self._told(card, call_sid))
        await self._see("The thread says it is queued", lambda: self._told(card, "queued"))
        await self._see("The thread says PolyAI is calling", lambda: self._told(card, "is calling"))
        await self._see("The thread says how it ended", lambda: self._told(card, "success"))
        await self._see("The card says how it ended", lambda: "Call connected" in card.plain)
        if polyai.rings(self._number) != 1 or len(polyai.posts) != 1:
            raise AssertionError(f"the call was sent {len(polyai.posts)} times")
        self._say("PolyAI was sent it once, and the phone rang once")

    def _card(self) -> Message | None:
        cards = self._sandbox.alice.sees(self._sandbox.channel)
        masked = (card for card in cards if self._number not in card.plain)
        return next((card for card in masked if "approve" in card.buttons), None)

    def _told(self, card: Message, words: str) -> bool:
        return any(words in reply.plain for reply in self._sandbox.alice.thread(card))

    async def _see(self, step: str, predicate: Callable[[], T | None]) -> T:
        found = await self._sandbox.slack.until(predicate, timeout=20)
        if found is None:
            raise AssertionError(f"not seen: {step}")
        self._say(step)
        return found

    def _say(self, step: str) -> None:
        passed = time.monotonic() - self._began
        self._console.print(f"[green]✓[/] {passed:5.1f} s  ", Text(step), sep="", soft_wrap=True)

    def _show(self, card: Message) -> None:
        workspace = self._sandbox.slack.workspace
        names = {user.id: user.name for user in workspace.users.values()}
        names |= {channel.id: channel.name for channel in workspace.channels.values()}
        thread = [f"  └ {readable(reply.plain, names)}" for reply in self._sandbox.alice.thread(card)]
        shown = "\n".join([readable(card.plain, names), *thread])
        self._console.print(Panel(Text(shown), title="#calls", width=100))


async def run_script(environment: Mapping[str, str]) -> bool:
    """Play one whole call; returns whether every step was seen, and prints what was missing if not."""
    console = Console(highlight=False)
    sandbox = Sandbox(environment)
    try:
        with console.status("Starting the sandbox"):
            await sandbox.start()
        await Script(sandbox, console).play()
    except (AssertionError, TimeoutError, RuntimeError) as error:
        console.print("[red]✗[/] ", Text(str(error)), sep="")
        console.print(f"The bot's log: {sandbox.folder / 'bot.log'}", soft_wrap=True)
        return False
    finally:
        await sandbox.stop()
    shutil.rmtree(sandbox.folder)
    kept = f" The database: {sandbox.database}" if sandbox.database.exists() else ""
    console.print(f"Everything was seen.{kept}", soft_wrap=True)
    return True
