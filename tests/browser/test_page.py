"""The page itself: keyboard, screen readers, and what it does with hostile text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.sandbox_process import sandbox_process
from tests.browser.window import COMMAND, Window


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One sandbox for all: what is tried here leaves nothing behind but messages."""
    with sandbox_process(tmp_path_factory.mktemp("sandbox")) as address:
        yield address


def test_a_form_by_keyboard_alone(window: Window) -> None:
    """The form takes the focus, keeps it out of what lies beneath, and Escape gives it back."""
    window.composer.focus()
    window.page.keyboard.type(COMMAND)
    window.page.keyboard.press("Enter")
    expect(window.modal.get_by_label("Phone number")).to_be_focused()
    expect(window.page.locator("#conversation")).to_have_attribute("inert", "")
    window.page.keyboard.press("Escape")
    expect(window.modal).to_be_hidden()
    expect(window.composer).to_be_focused()


def test_the_focus_stays_where_it_was(window: Window) -> None:
    """Whoever changes person or channel by keyboard can go on from there."""
    focused = window.page.locator(":focus")
    window.page.get_by_role("radio", name="Alice").focus()
    window.page.keyboard.press("ArrowRight")
    expect(window.page.get_by_role("navigation")).to_contain_text("Bobthat is you")
    expect(focused).to_have_value("U0BOB0000")
    random = window.page.get_by_role("button", name="random")
    random.focus()
    window.page.keyboard.press("Enter")
    expect(random).to_have_attribute("aria-current", "page")
    expect(random).to_be_focused()


def test_hostile_text_stays_text(window: Window) -> None:
    """Mark-up, script addresses and forged mentions that people type are shown, and never run."""
    window.type(
        '<img src=x onerror="document.title=1"> <javascript:alert(1)|press> <@U0BOB0000> https://example.com'
    )
    said = window.channel.get_by_role("listitem").last
    expect(said).to_contain_text(
        '<img src=x onerror="document.title=1"> <javascript:alert(1)|press> <@U0BOB0000>'
    )
    expect(said.get_by_role("link")).to_have_count(1)
    expect(said.get_by_role("link")).to_have_attribute("href", "https://example.com")
    expect(window.page).to_have_title("Callgate sandbox")


def test_new_messages_are_announced(window: Window) -> None:
    """A screen reader hears who said what in the conversation that is open."""
    window.type("good *morning*")
    expect(window.page.locator("#announcer")).to_have_text("Alice: good morning")


def test_the_coverage_matrix_is_shown(window: Window) -> None:
    """What is emulated can be looked up on the page."""
    window.behind.get_by_text("What is emulated").click()
    expect(window.behind).to_contain_text("chat.postMessage")
    expect(window.behind).to_contain_text("external_select")


def test_what_the_bot_says_where_it_was_never_invited(window: Window) -> None:
    """In #random the bot cannot post, says so to the one who asked, and opens no form."""
    window.go_to("random")
    window.type("/call")
    expect(window.channel).to_contain_text("Only visible to you")
    expect(window.channel).to_contain_text("/invite")
    expect(window.modal).to_be_hidden()
