"""manifest.yml, against Slack's schema, the registered listeners and the methods that are called."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import command_name
from sandbox.page.commands import COMMANDS
from sandbox.slack.methods import conversations, users
from tests.support.world import World

REPOSITORY = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = yaml.safe_load((REPOSITORY / "manifest.yml").read_text())
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])

# Which scopes each method that we call needs, for all that we call it for. Source: the method's page.
NEEDED = {
    "apps.connections.open": set[str](),
    "auth.test": set[str](),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "views.open": set[str](),
    "views.update": set[str](),
}
# A slash command, and the download of a file uploaded into a form.
BESIDES = {"commands", "files:read"}


def called_methods() -> set[str]:
    """Every Web API method that the code calls, found by the name of the SDK's method."""
    calls = re.compile(r"client\.([a-z]+_[A-Za-z_]+)\(")
    sources = list((REPOSITORY / "bot" / "slack").rglob("*.py"))
    sources += [*(REPOSITORY / "handlers").glob("*.py"), REPOSITORY / "bot" / "app.py"]
    names = {name for source in sources for name in calls.findall(source.read_text())}
    return {name.replace("_", ".") for name in names if hasattr(AsyncWebClient, name)}


def test_the_manifest_fits_slacks_schema() -> None:
    """Slack would take the manifest as it is."""
    schema = json.loads((Path(__file__).parent / "manifest.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(MANIFEST, schema)


@pytest.mark.parametrize("path", ["display_information", "features", "settings"])
def test_the_schema_refuses_what_slack_does_not_know(path: str) -> None:
    """The schema that the manifest is held against can say no."""
    schema = json.loads((Path(__file__).parent / "manifest.schema.json").read_text())
    wrong = {**MANIFEST, path: {**MANIFEST[path], "invented": True}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)


def test_the_methods_called_are_those_whose_scopes_are_known() -> None:
    """No Web API method is called that this test does not know the scopes of, and none is listed in vain."""
    assert called_methods() == set(NEEDED)


def test_the_scopes_are_exactly_those_that_the_code_uses() -> None:
    """Every scope asked for is needed, and every one needed is asked for."""
    assert set.union(BESIDES, *NEEDED.values()) == SCOPES


def test_no_scope_reads_messages() -> None:
    """Nothing that is written in a channel can be read."""
    assert not [scope for scope in SCOPES if "history" in scope or scope == "search:read"]


def test_the_commands_are_those_with_a_listener() -> None:
    """The manifest's slash commands are exactly those that something listens to."""
    registry = (REPOSITORY / "handlers" / "registry.py").read_text()
    assert registry.count("app.command(") == registry.count("app.command(command())") == 1
    assert [each["command"] for each in MANIFEST["features"]["slash_commands"]] == [command_name.DEFAULT]


def test_the_sandbox_offers_the_commands_as_slack_does() -> None:
    """Its composer shows the manifest's commands, each with the same hint and description."""
    shown = {"command": "name", "usage_hint": "usage", "description": "description"}
    registered = [
        {ours: each[theirs] for theirs, ours in shown.items()}
        for each in MANIFEST["features"]["slash_commands"]
    ]
    offered = [{name: each[name] for name in shown.values()} for each in COMMANDS]
    assert offered == registered


def test_interactivity_and_socket_mode_are_on_and_events_are_not_subscribed() -> None:
    """Buttons and forms need interactivity; there is no listener for any event."""
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]
    assert MANIFEST["settings"]["socket_mode_enabled"]
    assert "event_subscriptions" not in MANIFEST["settings"]
    assert "app.event(" not in (REPOSITORY / "handlers" / "registry.py").read_text()


async def test_with_the_manifests_scopes_alone_a_whole_call_goes_through(world: World) -> None:
    """The emulated Slack grants just what the manifest asks for, and nothing is missing."""
    world.slack.grant(SCOPES)
    group = world.slack.add_user_group("approvers", [world.bob])
    await world.start(callgate_approvers=group)
    file = await world.alice.upload("data.json", b'{"some_key": "1"}')
    card = await world.ask(metadata_file=file)
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")


def test_the_emulators_scopes_agree_with_ours() -> None:
    """What the emulated Slack asks for a method is among what we know it to need."""
    emulated = {method.name: method.scopes for method in (*conversations.METHODS, *users.METHODS)}
    for name, scopes in emulated.items():
        if NEEDED.get(name):
            assert set(scopes) & NEEDED[name]
