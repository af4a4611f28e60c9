"""Who the page's server listens to, and what it forbids the browser."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from sandbox.page.server import STATIC
from tests.sandbox_page.conftest import Client

START = {"do": "set_bot", "to": "killed"}


async def test_another_origin_is_refused(client: Client) -> None:
    """A page from elsewhere that is open in the same browser can do nothing here."""
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil.example"):
        status, answer = await client.ask(START, headers={"Origin": origin})
        assert status == 403 and "own page" in answer["error"]


async def test_the_own_origin_is_heard(client: Client) -> None:
    """The page itself may ask, under either of its names."""
    port = client.page.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost"):
        own = {"Origin": f"http://{host}:{port}", "Host": f"{host}:{port}"}
        assert (await client.ask(START, headers=own))[0] == 200


@pytest.mark.parametrize("path", ["/", "/stream", "/coverage", "/static/js/app.js"])
async def test_another_name_for_this_machine_is_refused(client: Client, path: str) -> None:
    """A foreign name that leads to 127.0.0.1 (DNS rebinding) gets nothing at all."""
    async with client.session.get(client.page.url + path, headers={"Host": "evil.example"}) as response:
        assert response.status == 403
        assert "own address" in (await response.json())["error"]


async def test_only_this_machine_can_connect(client: Client) -> None:
    """It listens on 127.0.0.1 and on no other address, not even of the loopback network."""
    port = int(client.page.url.rpartition(":")[2])
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", port))


async def test_a_form_from_elsewhere_is_no_order(client: Client) -> None:
    """What a browser sends across origins without asking first is not taken for an order."""
    status, answer = await client.ask(START, headers={"Content-Type": "text/plain"})
    assert status == 400 and "application/json" in answer["error"]


async def test_the_browser_may_run_nothing_else(client: Client) -> None:
    """Every answer forbids foreign and inline scripts, frames around it, and text turned into markup."""
    async with client.session.get(client.page.url) as response:
        policy = response.headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'"):
        assert rule in policy


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.js")), ids=lambda path: path.name)
def test_no_script_makes_markup_from_text(path: Path) -> None:
    """What people wrote gets into the document as text only."""
    source = path.read_text()
    for door in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert door not in source


async def test_nothing_outside_its_folder_is_served(client: Client) -> None:
    """A path that climbs out of the static files leads nowhere."""
    for path in ("/static/../server.py", "/static/%2e%2e/server.py", "/static/js/..%2f..%2f..%2fserver.py"):
        async with client.session.get(client.page.url + path) as response:
            assert response.status in (403, 404)
