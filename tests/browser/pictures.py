"""Takes the README's pictures: python -m tests.browser.pictures FOLDER."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Locator, Page, ViewportSize, expect, sync_playwright

from tests.browser.sandbox_process import chromium, sandbox_process
from tests.browser.window import COMMAND, Window

SHARPNESS = 2
WINDOW: ViewportSize = {"width": 1600, "height": 1020}
AROUND = 20
SQUARE = "#workspace { border-radius: 0 }"
ALONE = "#sidebar, #conversation, #thread { visibility: hidden } #modal { background: #f1eff2 }"


def main(folder: Path) -> None:
    """Play one call, and take each picture when there is something to see."""
    found = chromium()
    if found is None:
        raise SystemExit("There is no Chromium on the PATH to take pictures with.")
    with (
        tempfile.TemporaryDirectory() as scratch,
        sandbox_process(Path(scratch)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        _play(browser, address, folder)
        browser.close()


def _play(browser: Browser, address: str, folder: Path) -> None:
    context = browser.new_context(viewport=WINDOW, device_scale_factor=SHARPNESS, bypass_csp=True)
    page = context.new_page()
    window = Window(page, address)
    _chat(window)
    window.type(COMMAND)
    expect(window.modal).to_be_visible()
    window.fill_in()
    _form(page, window, folder / "form.png")
    window.modal.get_by_role("button", name="Ask").click()
    window.become("Bob")
    window.headline("Call request: waiting for approval")
    _card(page, window, folder / "card.png")
    window.press("Approve")
    window.open_thread()
    window.told("Call placed: OUT-")
    window.decide("Ring")
    window.told("PolyAI is calling.")
    _page(page, window, folder / "page.png")
    window.decide("Succeed")
    window.told("PolyAI reports success")
    window.headline("Call connected")
    _thread(page, window, folder / "thread.png")


def _chat(window: Window) -> None:
    window.type("Morning! Mrs Marsh has not confirmed her appointment at St Charles yet.")
    window.become("Bob")
    window.type("Ask for a call, I'll look at it right away.")
    window.become("Alice")


def _form(page: Page, window: Window, path: Path) -> None:
    page.set_viewport_size({"width": 900, "height": 1330})
    window.behind_switch.click()
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=path, style=ALONE, clip=_clip(window.modal, AROUND))
    window.behind_switch.click()
    page.set_viewport_size(WINDOW)


def _card(page: Page, window: Window, path: Path) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=path, clip={**_clip(window.card, 0), "width": 690})


def _page(page: Page, window: Window, path: Path) -> None:
    window.behind.get_by_text(re.compile("^POST 1")).click()
    page.mouse.move(0, 0)
    page.screenshot(path=path)


def _thread(page: Page, window: Window, path: Path) -> None:
    page.set_viewport_size({"width": 1900, "height": 1000})
    window.behind_switch.click()
    page.mouse.move(0, 0)
    page.screenshot(path=path, style=SQUARE, clip=_clip(window.thread, 0))


def _clip(thing: Locator, margin: int) -> FloatRect:
    box = thing.bounding_box()
    assert box is not None
    return {
        "x": box["x"] - margin,
        "y": box["y"] - margin,
        "width": box["width"] + 2 * margin,
        "height": box["height"] + 2 * margin,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
