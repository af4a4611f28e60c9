"""What is refused, and how somebody who clicks and types is told; in one sandbox, where nothing is placed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.sandbox_process import sandbox_process
from tests.browser.window import WHY, Window


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sandbox_process(tmp_path_factory.mktemp("sandbox")) as address:
        yield address


def test_deny_with_a_reason(window: Window) -> None:
    """Carol denies it, and her reason stands on the card and in the thread."""
    window.ask()
    window.become("Carol")
    window.press("Deny")
    window.modal.get_by_label("Why not").fill("She asked not to be called")
    window.modal.get_by_role("button", name="Deny").click()
    window.headline("Call denied")
    expect(window.card).to_contain_text("She asked not to be called")
    window.open_thread()
    window.told("Denied by @Carol: She asked not to be called")
    expect(window.behind).to_contain_text("Nothing was sent to PolyAI yet.")


def test_a_form_error_keeps_what_was_typed(window: Window) -> None:
    """A number that cannot be right is told at its field, and everything typed and chosen is still there."""
    window.type("/call 12")
    window.fill_in()
    window.modal.get_by_role("combobox", name="Country").press_sequentially("united st")
    window.modal.get_by_role("option", name="United States").click()
    window.modal.get_by_label("Metadata", exact=False).first.fill("ward=7")
    window.modal.get_by_role("button", name="Ask").click()

    number = window.modal.get_by_label("Phone number")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_be_focused()
    expect(window.modal.locator(".error")).to_have_count(1)
    expect(window.modal.get_by_label("Why this call")).to_have_value(WHY)
    expect(window.modal.get_by_role("combobox", name="Country")).to_have_value("United States")
    expect(window.modal.get_by_label("Metadata", exact=False).first).to_have_value("ward=7")

    number.fill("(617) 645-1984")
    window.modal.get_by_role("button", name="Ask").click()
    expect(window.modal).to_be_hidden()
    expect(window.card).to_contain_text("+1 617 ••• ••84")


def test_a_guest_is_refused(window: Window) -> None:
    """Gina sees the card and may not approve the call; she alone is told why."""
    window.ask()
    window.become("Gina")
    window.press("Approve")
    refusal = window.channel.get_by_role("listitem").filter(has_text="Only visible to you")
    expect(refusal).to_contain_text("You can't do this")
    window.headline("Call request: waiting for approval")
    expect(window.behind).to_contain_text("Nothing was sent to PolyAI yet.")


def test_a_toll_free_number_unfolds_the_form(window: Window) -> None:
    """What the rules need besides is asked for in the form; it grows, and keeps what was typed."""
    window.type("/call +18002345678 ward=7")
    expect(window.modal).to_be_visible()
    window.fill_in(why="Their invoice")
    expect(window.modal.get_by_label("Encryption")).to_have_count(0)
    window.modal.get_by_role("button", name="Ask").click()
    expect(window.modal).to_contain_text("This number does not tell which time zone the recipient is in")
    expect(window.modal.get_by_label("Recipient's time zone")).to_be_visible()
    expect(window.modal.get_by_label("Why this call")).to_have_value("Their invoice")
    expect(window.modal.get_by_label("Metadata", exact=False).first).to_have_value("ward=7")
