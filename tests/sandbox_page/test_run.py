"""`callgate sandbox`: it refuses to start in one sentence."""

from __future__ import annotations

import socket

import pytest

from sandbox.page.run import run_page


async def test_a_real_token_in_the_environment(capsys: pytest.CaptureFixture[str]) -> None:
    """It names the variable, never shows its value, and starts nothing."""
    assert not await run_page({"SLACK_BOT_TOKEN": "xoxb-" + "1234567890-abcdefghij"}, 0)
    said = capsys.readouterr().out
    assert "SLACK_BOT_TOKEN" in said and "1234567890" not in said


async def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """It says which, and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not await run_page({}, port)
    assert f"Port {port} is not free" in capsys.readouterr().out
