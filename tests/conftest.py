"""What every test runs under, and the world that most start from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.browser.sandbox_process import chromium
from tests.support.world import World

# These machines are noisy: how long one example takes says nothing.
settings.register_profile("callgate", deadline=None)
settings.load_profile("callgate")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(tmp_path)
    await world.open()
    yield world
    await world.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a browser or a folder of evidence stay together; all others go to whoever is free."""
    for item in items:
        if item.path.parent.name in {"browser", "evidence"}:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if chromium() is None:
        terminalreporter.write_line("No Chromium on the PATH: the sandbox's page was not tried in a browser.")
