"""Who may call the Web API, and in which shapes."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.server import EmulatedSlack


async def test_auth_test_tells_the_bot_who_it_is(slack, client):
    """A good bot token is told its user, bot and team ids."""
    answer = await client.auth_test()
    assert answer["user_id"] == slack.bot_user_id
    assert answer["team_id"] == slack.team_id
    assert answer["bot_id"].startswith("B") and answer["url"] == f"{slack.url}/"


async def test_no_token_is_not_authed(slack, error_of):
    """A call without a token is refused as not_authed."""
    assert await error_of(AsyncWebClient(base_url=slack.api_url).auth_test()) == "not_authed"


@pytest.mark.parametrize("token", ["xoxb-" + "1" * 12, "xoxb-sandbox-other", "nonsense"])
async def test_a_foreign_token_is_invalid(slack, error_of, token):
    """Any token but the emulator's own is refused, so a real one never works here."""
    assert await error_of(AsyncWebClient(token=token, base_url=slack.api_url).auth_test()) == "invalid_auth"


async def test_each_method_wants_its_kind_of_token(slack, client, error_of):
    """The app token opens sockets only and the bot token everything else."""
    app_client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    assert await error_of(app_client.auth_test()) == "not_allowed_token_type"
    assert await error_of(client.apps_connections_open(app_token=slack.bot_token)) == "not_allowed_token_type"
    opened = await client.apps_connections_open(app_token=slack.app_token)
    assert opened["url"].startswith("ws://127.0.0.1:")


async def test_a_scope_that_was_not_granted_is_named(slack, here, client):
    """missing_scope says which scope is needed and which there are."""
    slack.grant({"chat:write"})
    with pytest.raises(Exception, match="missing_scope") as refusal:
        await client.users_info(user=here.alice.id)
    answer = refusal.value.response
    assert (answer["needed"], answer["provided"]) == ("users:read", "chat:write")


async def test_scopes_of_conversations_depend_on_their_kind(here, client, slack, error_of):
    """Reading a private channel takes groups:read even when channels:read is granted."""
    secret = slack.add_channel("secret", [here.alice], private=True)
    slack.grant({"channels:read"})
    assert (await client.conversations_info(channel=here.calls.id))["ok"]
    assert await error_of(client.conversations_info(channel=secret.id)) == "missing_scope"


async def test_granted_scopes_can_be_given_from_the_start(error_of):
    """An emulator made with a list of scopes grants only those."""
    slack = EmulatedSlack(scopes=["commands"])
    await slack.start()
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    assert await error_of(client.chat_postMessage(channel="C1", text="x")) == "missing_scope"
    await slack.stop()


async def test_an_unknown_method_is_refused_and_logged(slack, client, error_of):
    """unknown_method is answered to what is not emulated, and the log keeps it."""
    assert await error_of(client.api_call("chat.sing")) == "unknown_method"
    assert [(call.method, call.error) for call in slack.log] == [("chat.sing", "unknown_method")]


async def test_a_missing_argument_is_named(client):
    """invalid_arguments tells which required field is missing."""
    with pytest.raises(Exception, match="missing required field: channel"):
        await client.api_call("chat.postMessage", json={"text": "x"})


@pytest.mark.parametrize("shape", ["params", "data", "json"])
async def test_arguments_come_in_every_shape(slack, here, shape):
    """The same call works as GET with a query, as a form and as JSON."""
    args = {"user": here.alice.id}
    url, headers = f"{slack.api_url}users.info", {"Authorization": f"Bearer {slack.bot_token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request("GET" if shape == "params" else "POST", url, **{shape: args}) as response,
    ):
        answer = await response.json()
    assert answer["user"]["id"] == here.alice.id


@pytest.mark.parametrize(("body", "code"), [(b"{", "invalid_json"), (b"[]", "json_not_object")])
async def test_a_body_that_is_no_json_object_is_refused(slack, body, code):
    """A JSON body must be JSON, and an object."""
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{slack.api_url}auth.test", data=body) as response,
    ):
        assert (await response.json())["error"] == code


async def test_the_log_has_no_tokens(slack, client):
    """Every call is logged with its arguments and answer and without its token."""
    await client.api_call("auth.test", data={"token": slack.bot_token})
    assert slack.log[-1].answer["ok"] and slack.bot_token not in repr(vars(slack.log[-1]))
