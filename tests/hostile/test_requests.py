"""Requests over HTTP that Slack did not send: refused before anything of them is read, and never acted on."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlencode

import pytest

from bot.slack.api.signature import NotSigned, Signatures
from sandbox import faults as network
from sandbox.slack import payloads
from tests.hostile.wire import FORM, interactive, post, sign_and_post, signature, signed
from tests.support.world import World

BODY = b"command=%2Fcall&text=help&user_id=U1&channel_id=C1&trigger_id=1.2.3"
NOW = "now"


@pytest.mark.parametrize(
    "stamp",
    ["", "not a number", "١٧٨٧٥٨٣٦٠٠", "１７８７", "-1", "1e9", "1" * 13, "9" * 5_000, "1000000000", "nan"],
)
async def test_a_timestamp_that_is_odd_or_old_is_refused(http: World, stamp: str) -> None:
    """However well it is signed, and whatever stands there instead of a time of now: 401."""
    headers = {"Content-Type": FORM, "X-Slack-Request-Timestamp": stamp, **signature(http, BODY, stamp)}
    assert (await post(http, BODY, headers)).status == 401


@pytest.mark.parametrize("seconds", [-310, 310])
async def test_a_signature_holds_for_five_minutes(http: World, seconds: int) -> None:
    """Older than that, or from that far in the future: 401."""
    assert (await post(http, BODY, signed(http, BODY, time.time() + seconds))).status == 401


@pytest.mark.parametrize(
    ("seconds", "is_refused"), [(-2, True), (0, True), (0.999, True), (1, False), (9, False)]
)
def test_what_was_signed_before_the_start_is_refused(seconds: float, is_refused: bool) -> None:
    """In whole seconds: of the one in which Callgate began, nobody can tell what came before."""
    began = datetime.fromtimestamp(int(time.time()), UTC) + timedelta(milliseconds=600)
    stamp = str(int(int(began.timestamp()) + seconds))
    text = b":".join([b"v0", stamp.encode(), BODY])
    digest = hmac.new(b"secret", text, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
    refusal = pytest.raises(NotSigned, match="before Callgate was started") if is_refused else nullcontext()
    with refusal:
        Signatures("secret", began).accept(headers, BODY)


async def test_the_start_is_told_by_the_clock_of_slack(world: World) -> None:
    """Ours may be behind: what Slack signed before it answered our first question is refused all the same."""
    workspace = world.slack.workspace
    told = {
        "ok": True,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
    }
    date = {"Date": format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)}
    answer = network.answer(200, json.dumps(told), {"Content-Type": "application/json", **date})
    world.slack.faults.add("auth.test", answer)
    await world.start(slack_app_token=None, slack_signing_secret=world.slack.signing_secret)
    assert (await post(world, BODY, signed(world, BODY, time.time() + 20))).status == 401
    assert (await post(world, BODY, signed(world, BODY, time.time() + 40))).status == 200


@pytest.mark.parametrize(
    "forged", ["", "v0=", "v0=" + "0" * 64, "v1=" + "0" * 64, "v0=" + "é" * 64, "0" * 8_000]
)
async def test_a_signature_that_is_none_is_refused(http: World, forged: str) -> None:
    """A wrong, odd or missing signature: 401, also where comparing it would raise."""
    headers = signed(http, BODY) | {"X-Slack-Signature": forged}
    assert (await post(http, BODY, headers)).status == 401


async def test_what_is_not_signed_is_not_even_parsed(http: World) -> None:
    """A body that would break a parser is refused for its signature."""
    for body in (b"[" * 100_000, b"payload=%7Bnot+json", b'{"a":' * 50_000):
        assert (await post(http, body, signed(http, b"another"))).status == 401


async def test_the_signature_of_another_body_or_secret_is_refused(http: World) -> None:
    """One changed byte, or another secret, and it is not Slack's."""
    headers = signed(http, BODY)
    assert (await post(http, BODY + b"x", headers)).status == 401
    http.slack.signing_secret = "some-0ther-secret"
    assert (await post(http, BODY, signed(http, BODY))).status == 401


async def test_of_headers_that_come_twice_a_forged_one_does_not_help(http: World) -> None:
    """Two signatures, one of them right: what is not plainly Slack's is refused, or read as the first."""
    good = signed(http, BODY)["X-Slack-Signature"]
    once = [(name, value) for name, value in signed(http, BODY).items() if name != "X-Slack-Signature"]
    twice = [*once, ("X-Slack-Signature", "v0=" + "0" * 64), ("X-Slack-Signature", good)]
    assert (await post(http, BODY, twice)).status == 401


async def test_a_replayed_request_acts_once(http: World) -> None:
    """The very same signed request sent again, also at the same moment, is refused and changes nothing."""
    card = await http.ask()
    click = payloads.message_action(
        http.slack.workspace,
        http.bob.user,
        card,
        {"type": "button", "action_id": "open_review", "value": card.blocks[-1]["elements"][2]["value"]},
        {},
    )
    body = interactive(click)
    headers = signed(http, body)
    answers = await asyncio.gather(*(post(http, body, headers) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401, 401]
    await http.until(lambda: http.bob.modals)
    assert (await post(http, body, headers)).status == 401
    assert len(http.rows("SELECT 1 FROM audit_events WHERE event = 'reviewed'")) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\xff\xfe\x00", 400),
        (b"payload=%7Bnot+json", 400),
        (b"payload=%5B1%5D", 400),
        (b"payload=null", 400),
        (b"payload=5", 400),
        (b"payload=%22text%22", 400),
        (b"[1]", 200),
        (b"{", 400),
        (b'{"a":' * 10_000, 400),
        (b"payload=" + b"%5B" * 10_000, 400),
        (b'{"team": 5}', 400),
        (b'{"view": {"app_installed_team_id": []}, "team": 1, "user": "x"}', 200),
        (b"", 200),
        (b"nothing", 200),
        (b"payload=%7B%7D", 200),
        (b"command=%2Fcall", 400),
        (b"x" * (2 * 1024 * 1024), 413),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(http: World, body: bytes, status: int) -> None:
    """However well it is signed: 4xx in one sentence, or an empty acknowledgement of what nobody hears."""
    answer = await sign_and_post(http, body)
    assert answer.status == status
    assert "Traceback" not in answer.text and len(answer.text) < 200
    assert not http.logs.incidents


@pytest.mark.parametrize("kind", ["application/json", "text/html", "text/plain; charset=utf-99", "nonsense"])
async def test_a_wrong_content_type_breaks_nothing(http: World, kind: str) -> None:
    """Slack sends forms; what says it is something else is refused."""
    answer = await post(http, BODY, signed(http, BODY) | {"Content-Type": kind})
    assert answer.status == 400


async def test_headers_that_steer_bolt_do_not_reach_it(http: World) -> None:
    """Headers are not signed: one that tells Bolt to run something else is not passed on."""
    body = urlencode(
        payloads.slash_command(http.slack.workspace, http.alice.user, http.channel, "/call help")
    )
    extra = {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "typed"}
    assert (await post(http, body.encode(), signed(http, body.encode()) | extra)).status == 200
    await http.hears(http.alice, "opens a form")


async def test_a_body_that_does_not_come_is_not_waited_for(
    http: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever announces a body and sends none is answered 408 after Slack's own three seconds."""
    monkeypatch.setattr("bot.slack.api.events_endpoint._READ_WITHIN", 0.2)
    form = f"Content-Type: {FORM}"
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\n{form}\r\nContent-Length: 1000\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", http.port, family=socket.AF_INET)
    writer.write(head.encode())
    assert b" 408 " in await reader.readline()
    writer.close()
    await writer.wait_closed()
