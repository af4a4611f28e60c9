"""What has to be in sight is: on a narrow screen, with another font, at the end of a long form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.sandbox_process import sandbox_process
from tests.browser.window import COMMAND, Window

IN_SIGHT = """node => {
    const box = node.getBoundingClientRect(), edge = node.closest(".modal-blocks").getBoundingClientRect();
    return box.top >= edge.top - 1 && box.bottom <= edge.bottom + 1;
}"""

FITS = """node => {
    for (let around = node; around; around = around.parentElement)
        if (around.scrollWidth > around.clientWidth) return false;
    return true;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sandbox_process(tmp_path_factory.mktemp("sandbox")) as address:
        yield address


@pytest.fixture(autouse=True)
def closed_afterwards(window: Window) -> Iterator[None]:
    yield
    if window.modal.is_visible():
        window.modal.get_by_role("button", name="Cancel").click()
    expect(window.modal).to_be_hidden()


def opened(window: Window) -> Locator:
    """The form, with what scrolls in it."""
    window.type(COMMAND)
    expect(window.modal).to_be_visible()
    return window.modal.locator(".modal-blocks")


def grown(window: Window) -> Locator:
    blocks = opened(window)
    window.modal.get_by_role("button", name="More options").click()
    expect(window.modal.get_by_label("Encryption")).to_be_visible()
    return blocks


def test_a_form_fits_whatever_the_font(window: Window) -> None:
    """Without Inter letters are wider: no field and no button pushes the form out to the side."""
    window.page.evaluate("document.documentElement.style.setProperty('--font', 'monospace')")
    blocks = opened(window)
    assert blocks.evaluate("node => node.scrollWidth <= node.clientWidth")
    button = window.modal.get_by_role("button", name="More options").bounding_box()
    around = blocks.bounding_box()
    assert button and around and button["x"] + button["width"] <= around["x"] + around["width"]


def test_a_form_fits_on_a_narrow_screen(window: Window) -> None:
    """At 390 pixels Ask is in sight as a whole."""
    window.page.set_viewport_size({"width": 390, "height": 844})
    opened(window)
    expect(window.modal.get_by_role("button", name="Ask")).to_be_in_viewport(ratio=1)
    expect(window.modal).to_be_in_viewport(ratio=1)


def test_a_card_fits_on_a_narrow_screen(window: Window) -> None:
    """At 390 pixels no button of a card pushes the messages out to the side."""
    opened(window)
    window.fill_in()
    window.modal.get_by_role("button", name="Ask").click()
    window.become("Bob")
    window.press("Approve")
    window.decide("Succeed")
    window.headline("Call connected")
    window.page.set_viewport_size({"width": 390, "height": 844})
    stop = window.card.get_by_role("button", name="They asked us to stop")
    assert window.card.evaluate(FITS)
    expect(stop).to_be_in_viewport(ratio=1)


def test_a_chosen_file_is_not_called_missing(window: Window, tmp_path: Path) -> None:
    """The browser's own "No file chosen" goes when the file stands there, and comes back without it."""
    grown(window)
    file = window.modal.get_by_label("Metadata as a JSON file")
    (tmp_path / "a.json").write_text("{}")
    file.set_input_files(tmp_path / "a.json")
    remove = window.modal.get_by_role("button", name="Remove a.json")
    expect(remove).to_be_visible()
    expect(file).to_be_hidden()
    remove.click()
    expect(file).to_be_visible()


def test_a_list_of_suggestions_is_in_sight(window: Window) -> None:
    """Of a field at the foot of the form, too: the form scrolls until the whole list can be read."""
    blocks = grown(window)
    zone = window.modal.get_by_role("combobox", name=re.compile("time zone"))
    zone.focus()
    field = "node.querySelector('[role=combobox][id$=zone]').getBoundingClientRect().bottom"
    blocks.evaluate(f"node => node.scrollTop += {field} - node.getBoundingClientRect().bottom + 4")
    zone.press_sequentially("america")
    options = window.modal.get_by_role("listbox")
    expect(options).to_be_visible()
    window.page.wait_for_function(f"node => ({IN_SIGHT})(node)", arg=options.element_handle())


def test_the_first_error_is_in_sight(window: Window) -> None:
    """Its sentence, too, where the field was in sight and what stands below it was not."""
    blocks = grown(window)
    why = "node.querySelector('[id$=why]').getBoundingClientRect().bottom"
    window.page.set_viewport_size({"width": 1500, "height": 600})
    window.modal.get_by_label("Purpose").select_option(label="Informational")
    blocks.evaluate(f"node => node.scrollTop += {why} - node.getBoundingClientRect().bottom + 4")
    window.modal.get_by_role("button", name="Ask").click()
    error = window.modal.locator(".error").first
    expect(error).to_be_visible()
    window.page.wait_for_function(f"node => ({IN_SIGHT})(node)", arg=error.element_handle())
