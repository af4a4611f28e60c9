"""What the sandbox gives the bot, and what it tells of it."""

from __future__ import annotations

from pathlib import Path

from sandbox.sandbox import Sandbox
from tests.sandbox_page.conftest import Client

OURS = {"CALLGATE_DATABASE", "CALLGATE_APPROVERS", "CALLGATE_HTTP_HOST", "CALLGATE_HTTP_PORT"}


def test_every_setting_of_the_product_can_be_tried(tmp_path: Path) -> None:
    """All are handed on but those that the sandbox sets itself, and nothing else of the environment is."""
    given = {
        "CALLGATE_APPROVALS_REQUIRED": "2",
        "CALLGATE_REMIND_AFTER": "10s",
        "CALLGATE_POLICY": "mine.toml",
    }
    real = {"SLACK_BOT_TOKEN": "xoxb-real", "POLYAI_AUTH_TOKEN": "real", "SOMETHING": "else"}
    sandbox = Sandbox({**given, **real, **dict.fromkeys(OURS, str(tmp_path / "mine"))})
    told = sandbox.bot_environment()
    assert {name: told[name] for name in given} == {
        **given,
        "CALLGATE_POLICY": str(Path("mine.toml").resolve()),
    }
    assert "real" not in "".join(told.values()) and "SOMETHING" not in told
    assert told["CALLGATE_DATABASE"] == str(tmp_path / "mine")
    for name in OURS - {"CALLGATE_DATABASE"}:
        assert told[name] != str(tmp_path / "mine")


def test_there_are_enough_approvers_to_lift_a_freeze() -> None:
    """One freezes dialing, and two others have to end it."""
    sandbox = Sandbox({})
    approvers = sandbox.bot_environment()["CALLGATE_APPROVERS"].split(",")
    assert [each for each, role in sandbox.roles.items() if role == "approver"] == approvers
    assert len(approvers) == 3


async def test_the_record_cannot_be_read_before_there_is_one(client: Client) -> None:
    """The page is told why, in the words of the product's own command."""
    async with client.session.get(f"{client.page.url}/record") as response:
        assert response.status == 409
        assert "The record cannot be read: " in (await response.json())["error"]
