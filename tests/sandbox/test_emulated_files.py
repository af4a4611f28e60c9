"""Files: uploading into a form, and downloading with the bot's token."""

import aiohttp
import pytest

from sandbox.slack.errors import SlackRefuses

from .conftest import plain


@pytest.fixture
async def form(here, bolt, client, modal):
    """Open a modal with a file input for Alice."""
    bolt.on(bolt.app.command("/call"))
    bolt.on(bolt.app.view("form"))
    element = {"type": "file_input", "action_id": "a", "filetypes": ["json"], "max_files": 1}
    block = {"type": "input", "block_id": "b", "label": plain("File"), "element": element}
    await here.alice.type("/call", here.calls)
    await client.views_open(trigger_id=bolt.body["trigger_id"], view=modal(blocks=[block]))


async def download(url, token):
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as response:
        return response.status, response.content_type, await response.read()


async def test_an_uploaded_file_is_sent_and_downloaded(slack, here, bolt, form):
    """The submission has the file object, and the bot can download the bytes."""
    file = await here.alice.upload("data.json", b'{"a": "1"}')
    await here.alice.submit(values={"b": file})
    [sent] = bolt.body["view"]["state"]["values"]["b"]["a"]["files"]
    assert (sent["name"], sent["size"], sent["filetype"]) == ("data.json", 10, "json")
    got = await download(sent["url_private_download"], slack.bot_token)
    assert got == (200, "application/json", b'{"a": "1"}')


async def test_a_download_without_permission_is_a_sign_in_page(slack, here, bolt, form):
    """No token, another one, or no files:read ends at an HTML page with status 200, as at Slack."""
    await here.alice.submit(values={"b": await here.alice.upload("data.json", b"{}")})
    url = bolt.body["view"]["state"]["values"]["b"]["a"]["files"][0]["url_private_download"]
    assert (await download(url, "other"))[:2] == (200, "text/html")
    slack.grant({"chat:write"})
    assert (await download(url, slack.bot_token))[:2] == (200, "text/html")


async def test_a_missing_file_is_404(slack):
    """An unknown file cannot be downloaded."""
    assert (await download(f"{slack.url}/files-pri/T1-F0NONE/download/x", slack.bot_token))[0] == 404


@pytest.mark.parametrize(("name", "size"), [("data.csv", 1), ("data.json", 10_000_001)])
async def test_slack_refuses_wrong_and_large_files(here, form, name, size):
    """Another type than asked for, and more than 10 MB, cannot be submitted."""
    file = await here.alice.upload(name, b"x" * size)
    with pytest.raises(SlackRefuses, match="b"):
        await here.alice.submit(values={"b": file})


async def test_slack_refuses_too_many_files(here, form):
    """More files than max_files cannot be submitted."""
    files = [await here.alice.upload(f"{n}.json", b"{}") for n in range(2)]
    with pytest.raises(SlackRefuses, match="Too many"):
        await here.alice.submit(values={"b": files})
