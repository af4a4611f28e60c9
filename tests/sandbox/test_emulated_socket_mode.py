"""Socket Mode: tickets, the hello, where payloads go, disconnects, and what goes wrong."""

import asyncio

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

from sandbox.slack import faults


@pytest.fixture
async def raw(slack, client):
    """Open WebSockets by hand: returns the socket, after an answer to apps.connections.open."""
    session, sockets = aiohttp.ClientSession(), []

    async def opened(url=None, **options):
        url = url or (await client.apps_connections_open(app_token=slack.app_token))["url"]
        sockets.append(await session.ws_connect(url, **options))
        return sockets[-1]

    yield opened
    await session.close()


async def test_hello_counts_the_connections(slack, raw):
    """The first frame tells how many connections the app has, or what it is told to say."""
    first = await (await raw()).receive_json()
    second = await (await raw()).receive_json()
    slack.socket.num_connections_reported = 10
    third = await (await raw()).receive_json()
    assert [frame["num_connections"] for frame in (first, second, third)] == [1, 2, 10]
    assert first["type"] == "hello" and first["connection_info"]["app_id"].startswith("A")


async def test_a_ticket_opens_one_socket(slack, client, raw):
    """The second use of a ticket, and an old one, are refused at the handshake."""
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    await raw(url)
    slack.workspace.tickets.ttl = 0
    old = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    await asyncio.sleep(0.01)
    for bad in (url, old, f"{slack.url}/link"):
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await raw(bad)


async def test_the_eleventh_socket_is_one_too_many(slack, raw):
    """Ten sockets are open at most; the next is told too_many_websockets and closed."""
    sockets = [await raw() for _ in range(11)]
    frame = await sockets[10].receive_json()
    assert (frame["type"], frame["reason"]) == ("disconnect", "too_many_websockets")
    assert (await sockets[10].receive()).type is aiohttp.WSMsgType.CLOSE
    await slack.until(lambda: len(slack.socket.connections) == 10)


async def test_each_payload_goes_to_one_socket(slack, here, raw):
    """Payloads are spread over the sockets, and an acknowledgement counts through any of them."""
    sockets = [await raw() for _ in range(2)]
    for socket in sockets:
        await socket.receive_json()
    typing = [asyncio.create_task(here.alice.type(f"/call {n}", here.calls)) for n in range(4)]
    frames = [[await socket.receive_json() for _ in range(2)] for socket in sockets]
    texts = sorted(frame["payload"]["text"] for both in frames for frame in both)
    assert texts == ["0", "1", "2", "3"]
    for frame in [frame for both in frames for frame in both]:
        assert frame["type"] == "slash_commands" and frame["accepts_response_payload"]
        await sockets[0].send_json({"envelope_id": frame["envelope_id"], "payload": {"text": "hi"}})
    assert [(await ack).payload for ack in typing] == [{"text": "hi"}] * 4


async def test_pings_are_answered_until_the_connection_goes_silent(slack, raw):
    """A ping gets its pong with the same bytes, and on a silent connection nothing."""
    socket = await raw(autoping=False)
    await socket.receive_json()
    await socket.ping(b"sdk-ping-pong:1.0")
    pong = await socket.receive(timeout=1)
    assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1.0")
    slack.socket.go_silent()
    await socket.ping(b"again")
    with pytest.raises(TimeoutError):
        await socket.receive(timeout=0.1)


async def test_strange_frames_do_no_harm(slack, here, raw):
    """Acknowledgements of nothing, and frames that are not JSON, are ignored."""
    socket = await raw()
    await socket.receive_json()
    for text in ('{"envelope_id": "nothing"}', "nonsense", "[]"):
        await socket.send_str(text)
    typing = asyncio.create_task(here.alice.type("/call", here.calls))
    frame = await socket.receive_json()
    await socket.send_json({"envelope_id": frame["envelope_id"]})
    assert (await typing).ok


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled", "too_many_websockets"])
async def test_bolt_comes_back_after_a_disconnect(slack, here, bolt, reason):
    """Whatever the reason, the handler opens another connection and payloads arrive again."""
    bolt.on(bolt.app.command("/call"))
    before = slack.socket.connections[0]
    await slack.socket.disconnect(reason)
    await slack.until(lambda: any(connection is not before for connection in slack.socket.connections))
    await slack.until(lambda: before not in slack.socket.connections)
    assert (await here.alice.type("/call", here.calls)).ok


async def test_bolt_comes_back_after_a_reset(slack, here, bolt):
    """A TCP reset is followed by a new connection."""
    bolt.on(bolt.app.command("/call"))
    before = slack.socket.connections[0]
    await slack.socket.drop()
    await slack.until(lambda: slack.socket.connections and slack.socket.connections[0] is not before)
    assert (await here.alice.type("/call", here.calls)).ok


async def test_a_silent_connection_swallows_payloads(slack, here, bolt):
    """A half-open connection looks open and answers nothing."""
    bolt.on(bolt.app.command("/call"))
    slack.ack_timeout = 0.2
    slack.socket.go_silent()
    assert (await here.alice.type("/call", here.calls)).problem == "operation_timeout"
    assert bolt.bodies == [] and slack.socket.connections[0].delivered == 1


async def test_a_refused_handshake_does_not_use_the_ticket_up(slack, client, raw):
    """503 at the handshake as often as asked, then the same address works."""
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    slack.socket.refuse_handshakes(2)
    for _ in range(2):
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await raw(url)
    assert (await (await raw(url)).receive_json())["type"] == "hello"


async def test_opening_can_fail(slack, bolt):
    """The handler tries again when apps.connections.open fails after a lost connection."""
    slack.faults.add("apps.connections.open", faults.error("internal_error"))
    before = slack.socket.connections[0]
    await slack.socket.drop()
    await slack.until(
        lambda: slack.socket.connections and slack.socket.connections[0] is not before, timeout=10
    )
    assert [call.error for call in slack.log if call.method == "apps.connections.open"][1:2] == [
        "internal_error"
    ]


async def test_two_handlers_share_the_work(slack, here, bolt, client):
    """With two processes each payload is handled once."""
    bolt.on(bolt.app.command("/call"))
    second = AsyncSocketModeHandler(bolt.app, slack.app_token)
    await second.connect_async()
    await slack.until(lambda: len(slack.socket.connections) == 2)
    for _ in range(4):
        assert (await here.alice.type("/call", here.calls)).ok
    assert len(bolt.bodies) == 4
    assert [connection.delivered for connection in slack.socket.connections] == [2, 2]
    await second.close_async()
