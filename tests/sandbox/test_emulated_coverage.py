"""The coverage matrix says what is emulated, no more and no less; and payloads have their real keys."""

import typing

from sandbox.slack import coverage, payloads
from sandbox.slack.block_kit import blocks
from sandbox.slack.form import SLOTS
from sandbox.slack.web_api import METHODS

from .conftest import plain


def rows(table):
    named = [row.what for row in table]
    assert len(named) == len(set(named))
    return set(named)


def types_in(union):
    """The values of "type" in a union of models."""
    members = typing.get_args(typing.get_args(union)[0])
    return {typing.get_args(member.model_fields["type"].annotation)[0] for member in members}


def test_every_method_is_in_the_matrix():
    """Each registered Web API method has its row, and each row its method."""
    assert rows(coverage.WEB_API) == set(METHODS)


def test_every_route_is_in_the_matrix(slack):
    """Each path that is served has its row, and each row is served."""
    assert rows(coverage.ROUTES) == slack.routes


def test_every_payload_is_in_the_matrix():
    """Each payload that can be built has its row, and each row its builder."""
    builders = {
        name
        for name, value in vars(payloads).items()
        if callable(value) and getattr(value, "__module__", "") == payloads.__name__
    }
    assert rows(coverage.PAYLOADS) == {name for name in builders if not name.startswith("_")}


def test_every_block_and_element_is_in_the_matrix():
    """Each block and element that is accepted has its row, and each row is accepted."""
    elements = types_in(blocks.Accessory) | types_in(blocks.Action) | types_in(blocks.Input)
    assert rows(coverage.BLOCKS) == types_in(blocks.AnyBlock)
    assert rows(coverage.ELEMENTS) == elements - {"image"}
    assert rows(coverage.ELEMENTS) == set(SLOTS) | {"button"}


COMMON = {"type", "user", "api_app_id", "token", "team", "enterprise", "is_enterprise_install"}
VIEW = {
    *("id", "team_id", "type", "blocks", "private_metadata", "callback_id", "state", "hash", "title"),
    *("clear_on_close", "notify_on_close", "close", "submit", "previous_view_id", "root_view_id"),
    *("app_id", "external_id", "app_installed_team_id", "bot_id"),
}


async def test_payloads_have_the_keys_of_real_ones(here, bolt, client, modal):
    """Command, click and submission have exactly the keys that Slack's have."""
    for listener in (bolt.app.command("/call"), bolt.app.action("go"), bolt.app.view("form")):
        bolt.on(listener)
    await here.alice.type("/call", here.calls)
    await client.views_open(trigger_id=bolt.body["trigger_id"], view=modal())
    await here.alice.submit(values={"number": "1"})
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "1"}
    await client.chat_postMessage(
        channel=here.calls.id, text="x", blocks=[{"type": "actions", "elements": [button]}]
    )
    await here.bob.click(here.bob.sees(here.calls)[0], "go")
    command, submission, click = bolt.bodies
    assert set(command) == {
        *("token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command"),
        *("text", "api_app_id", "is_enterprise_install", "response_url", "trigger_id"),
    }
    assert all(isinstance(value, str) for value in command.values())
    assert set(submission) == COMMON | {"trigger_id", "view", "response_urls"}
    assert set(submission["view"]) == VIEW
    of_message = {"container", "trigger_id", "channel", "message", "state", "response_url", "actions"}
    assert set(click) == COMMON | of_message
    assert set(click["actions"][0]) == {"type", "action_id", "block_id", "text", "value", "action_ts"}
    assert set(click["container"]) == {"type", "message_ts", "channel_id", "is_ephemeral"}
