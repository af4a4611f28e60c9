"""What the tests of lost connections share."""

from __future__ import annotations

import pytest


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchdog of the Socket Mode connection, in a hurry: its waits run on real time."""
    for name, seconds in {
        "_PING_EVERY": 0.3,
        "_LOOK_EVERY": 0.1,
        "_DOWN_TOO_LONG": 1.0,
        "_CONNECT_WITHIN": 1.0,
        "_LONGEST_PAUSE": 2.0,
    }.items():
        monkeypatch.setattr(f"bot.slack.api.socket.{name}", seconds)
