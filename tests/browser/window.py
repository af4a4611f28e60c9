"""A browser window on the sandbox, used the way a person would: by what is written on things."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

COMMAND = '/call +16176451984 appointment_date=2026-08-26 variant="Inpatient at St Charles"'
WHY = "Reminder of the appointment on 26 August"
EXPRESS = "Express consent: They gave us this number and agreed to be called about this."
TIMEOUT_MS = 10_000


class Window:
    """Finds things by role and name. `problems` collects what the browser complained about."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.problems: list[str] = []
        page.set_default_timeout(TIMEOUT_MS)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.problems.append(said.text))
        page.goto(address)
        expect(self.composer).to_be_visible()

    @property
    def composer(self) -> Locator:
        return self.page.get_by_placeholder(re.compile(r"^Message"))

    @property
    def modal(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def channel(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def behind(self) -> Locator:
        return self.page.get_by_role("complementary", name="Behind the scenes")

    @property
    def behind_switch(self) -> Locator:
        return self.page.get_by_role("button", name="Behind the scenes")

    @property
    def card(self) -> Locator:
        """The newest message with a headline."""
        return self.channel.get_by_role("listitem").filter(has=self.page.get_by_role("heading", level=3)).last

    def headline(self, words: str) -> None:
        """Wait until the newest card says so."""
        expect(self.card.get_by_role("heading")).to_have_text(words)

    def told(self, words: str) -> None:
        """Wait until the open thread says so."""
        expect(self.thread.get_by_role("listitem").filter(has_text=words).last).to_be_visible()

    def become(self, name: str) -> None:
        self.page.get_by_role("radiogroup", name="Who you are").get_by_text(name, exact=True).click()
        expect(self.page.get_by_role("navigation")).to_contain_text(f"{name}that is you")

    def go_to(self, channel: str) -> None:
        """Open a channel; only then is the composer that channel's."""
        self.page.get_by_role("button", name=channel).click()
        expect(self.channel.get_by_role("heading", level=1)).to_have_text(f"# {channel}")

    def type(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def press(self, name: str) -> None:
        """Press a button on the newest card."""
        self.card.get_by_role("button", name=name, exact=True).click()

    def fill_in(self, *, why: str = WHY) -> None:
        """What the form needs; it asks for consent as soon as a purpose is chosen."""
        self.modal.get_by_label("Purpose").select_option(label="Informational")
        self.modal.get_by_label("Consent", exact=True).select_option(label=EXPRESS)
        self.modal.get_by_label("Why this call").fill(why)
        self.modal.get_by_label("Record of the consent").fill("CRM 4711")

    def ask(self) -> None:
        """Ask for a call, from the command to the card."""
        self.type(COMMAND)
        expect(self.modal).to_be_visible()
        self.fill_in()
        self.modal.get_by_role("button", name="Ask").click()
        expect(self.modal).to_be_hidden()
        self.headline("Call request: waiting for approval")

    def open_thread(self) -> None:
        self.card.get_by_role("button", name=re.compile(r"\d+ repl")).click()
        expect(self.thread).to_be_visible()

    def decide(self, name: str) -> None:
        """Press a button of the newest call behind the scenes."""
        self.behind.get_by_role("button", name=name, exact=True).first.click()
