"""Every block and element the page draws, used in a browser, and what the app is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import gallery
from tests.browser.sandbox_process import sandbox_process
from tests.browser.window import Window


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sandbox_process(tmp_path_factory.mktemp("gallery"), [gallery.__file__]) as address:
        yield address


def heard(window: Window, words: str) -> Any:
    """What the app says it was sent."""
    said = window.channel.get_by_role("listitem").filter(has_text=words).last.locator(".text")
    expect(said).to_be_visible()
    return json.loads(said.inner_text())


def test_every_input(window: Window, tmp_path: Path) -> None:
    """Each kind of input is filled in as a person would, and arrives as Slack would send it."""
    window.type("open")
    form, field = window.modal, window.modal.get_by_label
    expect(form).to_be_visible()
    form.get_by_role("button", name="Send").click()
    expect(field("The lines")).to_have_attribute("aria-invalid", "true")
    expect(field("The lines")).to_be_focused()

    field("The lines").fill("one\ntwo")
    field("The number").fill("7")
    field("The one").select_option(label="Cocoa")
    country = form.get_by_role("combobox", name="The country")
    country.press_sequentially("ch")
    expect(form.get_by_role("option", name="Kenya", selected=True)).to_be_visible()
    country.press("ArrowDown")
    expect(form.get_by_role("option", name="Chile", selected=True)).to_be_visible()
    country.press("Enter")
    form.get_by_role("group", name="The checks").get_by_label("Funghi").check()
    form.get_by_role("radiogroup", name="The radio").get_by_label("Marinara").check()
    field("The day").fill("2026-08-26")
    field("The time").fill("14:30")
    (tmp_path / "a.json").write_text("{}")
    field("The file").set_input_files(tmp_path / "a.json")
    expect(form.get_by_role("button", name="Remove a.json")).to_be_visible()
    form.get_by_role("button", name="Send").click()
    expect(form).to_be_hidden()

    state = {block: next(iter(held.values())) for block, held in heard(window, "there already").items()}
    assert state["text"]["value"] == "there already"
    assert state["lines"]["value"] == "one\ntwo"
    assert state["number"]["value"] == "7"
    assert state["one"]["selected_option"]["value"] == "cocoa"
    assert state["country"]["selected_option"]["value"] == "chile"
    assert [each["value"] for each in state["checks"]["selected_options"]] == ["funghi"]
    assert state["radio"]["selected_option"]["value"] == "marinara"
    assert (state["day"]["selected_date"], state["time"]["selected_time"]) == ("2026-08-26", "14:30")
    assert [file["name"] for file in state["file"]["files"]] == ["a.json"]


def test_elements_of_a_message(window: Window) -> None:
    """A select sends what was chosen, and a confirm dialog is asked before a button counts."""
    window.card.get_by_label("Pick one").select_option(label="Blue")
    assert heard(window, '"pick"')["selected_option"]["value"] == "blue"

    window.press("Delete")
    window.page.get_by_role("dialog").get_by_role("button", name="Leave it").click()
    expect(window.page.get_by_role("dialog")).to_be_hidden()
    window.press("Delete")
    window.page.get_by_role("dialog").get_by_role("button", name="Do it").click()
    assert heard(window, '"danger"')["action_id"] == "danger"
    expect(window.channel.get_by_role("listitem").filter(has_text='"action_id": "danger"')).to_have_count(1)


def test_words_of_every_kind(window: Window) -> None:
    """Mark-up and rich text are drawn; an address that a browser would run is no link."""
    text, rich = window.card.locator(".section .text"), window.card.locator(".rich-text")
    for tag, words in (("b", "bold"), ("i", "italic"), ("s", "gone"), ("code", "<@U0BOB0000>")):
        expect(text.locator(tag)).to_have_text(words)
    expect(text).to_contain_text("@Bob #calls @here 2*3*4 <b> 2023-11-14 never there")
    expect(text.locator("blockquote")).to_have_text("quoted")
    expect(rich).to_contain_text("allnever a linka link@Bob#calls2023-11-14@here")
    expect(rich.locator("s b i code, s i b code, code b i s, s code")).to_have_text("all")
    for place in (text, rich):
        expect(place.get_by_role("link")).to_have_count(1)
    expect(rich.locator("ol > li")).to_have_text("an item")


def test_a_block_that_is_unknown(window: Window) -> None:
    """It is shown as such, with its JSON."""
    expect(window.card).to_contain_text("does not draw “hologram” yet")
    expect(window.card.locator(".unknown pre")).to_contain_text('"depth": 3')
