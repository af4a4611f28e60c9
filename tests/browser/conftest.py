"""A browser for each file of tests, and for each test a window and, unless the file shares one, a sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.sandbox_process import chromium, sandbox_process
from tests.browser.window import TIMEOUT_MS, Window

expect.set_options(timeout=TIMEOUT_MS)

# Where there is none, tests/conftest.py says so in one line.
collect_ignore_glob = [] if chromium() else ["test_*.py"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with sandbox_process(tmp_path) as address:
        yield address


@pytest.fixture
def window(browser: Browser, address: str) -> Iterator[Window]:
    context = browser.new_context(viewport={"width": 1500, "height": 950}, timezone_id="UTC")
    window = Window(context.new_page(), address)
    yield window
    context.close()
    assert not window.problems
