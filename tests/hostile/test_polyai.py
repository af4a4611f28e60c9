"""Whatever answers: only what PolyAI itself calls "not placed" is taken for that."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import call_status, placement
from bot.domain.answer import Answer, Conclusion, PollResult
from bot.domain.states import TRANSITIONS, Status
from bot.domain.visible import is_hidden
from bot.polyai.access import Access, read_access
from bot.polyai.conclusions import conclude_error, conclude_reply
from bot.polyai.contract import CALL_SID
from bot.polyai.http import Reply
from bot.polyai.outbound_calling import _heard
from bot.slack.show.thread_lines import thread_line
from sandbox.faults import Fault
from sandbox.polyai.faults import STRANGERS_BODIES, gateway, names_the_call
from tests.hostile.effort import effort
from tests.hostile.mutations import JUNK
from tests.support.clock import START
from tests.support.requests import a_request
from tests.support.world import World

NOT_PLACED = {400, 401, 403, 404, 405, 410, 412, 413, 415, 422, 429, 500}
"""From PolyAI itself; its error-code page says of the rest of 4xx that nobody can know, or says nothing."""

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(JUNK) | st.text(max_size=20) | st.integers(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
NAMES = st.sampled_from(["call_sid", "callSid", "error", "error", "code", "status", "reason", "message"])
BODIES = (
    st.binary(max_size=60)
    | st.dictionaries(NAMES, VALUES | st.sampled_from(["OUT-1", "OUT-\n", "out-1", "success"])).map(
        lambda body: json.dumps(body).encode()
    )
    | st.builds(lambda **body: json.dumps(body).encode(), error=st.text(max_size=5), data=VALUES)
    | st.sampled_from([b"", b"{}", b"[" * 50_000, b'{"call_sid": ' + b"9" * 5_000, b"\xff\xfe{", b"NaN"])
)
STATUSES = st.integers(100, 599) | st.sampled_from([200, 201, 204, *NOT_PLACED])
WAITS = st.sampled_from(
    ["", "5", "-1", "9" * 400, "nan", "inf", "1e400", "٣", "Wed, 21 Oct 2026 07:28:00 GMT"]
)
HEADERS = st.builds(
    lambda wait, name: {"Retry-After": wait.encode(), "X-PolyAI-Correlation-Id": name},
    WAITS,
    st.sampled_from([b"", b"id-1"]) | st.binary(max_size=200).filter(lambda v: not set(v) & {0, 10, 13}),
)
REPLIES = st.builds(
    lambda *parts: Reply(parts[0], httpx.Headers(parts[1]), parts[2]), STATUSES, HEADERS, BODIES
)
RETRY = placement.Retry(lambda attempts: 2.0, failed_to_place=True)


BY_POLYAI = httpx.Headers({"X-PolyAI-Correlation-Id": "id-1"})


@effort(500)
@given(reply=REPLIES)
@example(reply=Reply(429, httpx.Headers({"Retry-After": "9" * 30}), b"{}"))
@example(reply=Reply(200, httpx.Headers(), b'{"call_sid": "OUT-1\\n"}'))
def test_no_answer_makes_surely_not_sent_of_unknown(reply: Reply) -> None:
    """Placed only with a call_sid, not placed only where PolyAI itself says so, unknown all the rest."""
    answer = conclude_reply(reply)
    if answer.conclusion is Conclusion.PLACED:
        assert 200 <= reply.status < 300 and CALL_SID.match(str(answer.call_sid))
    elif answer.conclusion is not Conclusion.UNKNOWN:
        assert reply.status in NOT_PLACED and reply.headers["X-PolyAI-Correlation-Id"].strip()
        assert isinstance(json.loads(reply.body)["error"], str) and b"OUT-" not in reply.body
    assert answer.call_sid is None or (answer.call_sid.encode() in reply.body)
    assert not is_hidden(answer.message + str(answer.correlation_id))
    _follows(answer)


@pytest.mark.parametrize("status", range(200, 600))
def test_what_polyai_itself_says_is_believed(status: int) -> None:
    """Its error body and its id, under the numbers that say "not placed"; any other leaves it open."""
    answer = conclude_reply(Reply(status, BY_POLYAI, b'{"error": "so it is", "code": "x"}'))
    assert (answer.conclusion is not Conclusion.UNKNOWN) == (status in NOT_PLACED)
    assert answer.message == f"PolyAI answered {status}: so it is"


STRANGERS = [
    *((b'{"error": "so it is"}', headers) for headers in ({}, {"X-PolyAI-Correlation-Id": " "})),
    *((body.encode(), BY_POLYAI) for kind, body in STRANGERS_BODIES.items() if kind != "JSON with an error"),
    *((body, BY_POLYAI) for body in (b'{"error": ""}', b'{"error": " "}', b'{"error": null}', b'"error"')),
]


@pytest.mark.parametrize(("body", "headers"), STRANGERS)
def test_nobody_else_is_believed(body: bytes, headers: dict[str, str]) -> None:
    """Under no number: without its id, without its body, or with a body that is almost its own."""
    for status in range(300, 600):
        answer = conclude_reply(Reply(status, httpx.Headers({**headers, "Retry-After": "60"}), body))
        assert (answer.conclusion, answer.retry_after) == (Conclusion.UNKNOWN, None)
        assert f"{status}" in answer.message and "so it is" not in answer.message
        assert _heard(Reply(status, httpx.Headers(headers), body)).result is PollResult.NO_ANSWER
        assert read_access(Reply(status, httpx.Headers(headers), body)) is Access.ANSWERS_STRANGELY


NAMING = {
    '{"error": "x", "call_sid": "OUT-1"}': "OUT-1",
    '{"error": "x", "callSid": "OUT-1"}': "OUT-1",
    '{"error": "x", "data": {"call": {"sid": "OUT-1"}}}': "OUT-1",
    '{"error": "x", "calls": [["OUT-1"]]}': "OUT-1",
    '{"error": "placed OUT-1, and then it broke"}': "OUT-1",
    '{"error": "x", "call_sid": "OUT-1", "call_sid": null}': "OUT-1",
    '{"error": "x", "call_sid": "\\u004fUT-1"}': "OUT-1",
    '{"error": "x", "OUT-1": true}': "OUT-1",
    '[{"call_sid": "OUT-1"}]': "OUT-1",
    "<html>OUT-1</html>": "OUT-1",
    '{"error": "x", "call_sid": "OUT-"}': None,
    '{"error": "x", "call_sid": "OUT-' + "a" * 200 + '"}': None,
}


@pytest.mark.parametrize("body", NAMING)
def test_an_answer_that_names_a_call_is_never_not_placed(body: str) -> None:
    """Whatever its number, wherever the sid stands in it; the sid is kept where it is one."""
    for status in range(300, 600):
        answer = conclude_reply(Reply(status, BY_POLYAI, body.encode()))
        assert (answer.conclusion, answer.call_sid) == (Conclusion.UNKNOWN, NAMING[body])


@pytest.mark.parametrize("words", ["TIMEOUT-01", "checkout-1", "out-1", "Output"])
def test_not_every_word_is_a_call(words: str) -> None:
    """PolyAI's own error codes are read as words."""
    answer = conclude_reply(Reply(500, BY_POLYAI, json.dumps({"error": words, "code": words}).encode()))
    assert answer.conclusion is Conclusion.FAILED_TO_PLACE


ANSWERS = st.builds(
    gateway,
    st.sampled_from(sorted(NOT_PLACED)) | st.integers(200, 599).filter(lambda status: status != 304),
    st.sampled_from([*STRANGERS_BODIES.values()]) | st.text('{}[]":,errorOUT-1 ', max_size=20),
) | st.builds(names_the_call, st.sampled_from(sorted(NOT_PLACED)), st.sampled_from(["call_sid", "callSid"]))


@effort(20)
@given(fault=ANSWERS)
async def test_a_phone_that_rang_never_rings_again(world: World, fault: Fault) -> None:
    """Whatever answers in PolyAI's stead when it has placed the call: there is one POST, and one person."""
    if not world.running:
        await world.start()
    before = len(world.polyai.posts)
    world.polyai.faults.add("place", fault)
    card = await world.ask(to_number=f"+1617645{1000 + before}")
    await world.bob.click(card, "approve")
    await world.until(lambda: "Unconfirmed" in card.plain or "OUT-" in card.plain)
    world.clock.jump(minutes=4)
    await asyncio.sleep(0.05)
    (post,) = world.polyai.posts[before:]
    assert post.call_sid is not None


@effort(100)
@given(error=st.sampled_from(httpx.HTTPError.__subclasses__() + httpx.TransportError.__subclasses__()))
def test_only_what_never_connected_was_surely_not_sent(error: type[httpx.HTTPError]) -> None:
    """Every other failure of the wire, known today or not, may have let the call through."""
    raised = error.__new__(error)
    never = issubclass(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
    expected = never or issubclass(error, httpx.UnsupportedProtocol)
    answer = conclude_error(raised)
    assert (answer.conclusion is Conclusion.NEVER_SENT) is expected
    assert expected or answer.conclusion is Conclusion.UNKNOWN


@effort(300)
@given(reply=REPLIES)
def test_no_status_answer_ends_a_call_but_a_final_status(reply: Reply) -> None:
    """Only "success" and "failure" of a readable 200 end it; what is shown of the rest hides nothing."""
    request = a_request(
        status=Status.PLACED, call_sid="OUT-1", approved_by="U0BOB", placed_at=START, call_status="queued"
    )
    heard = _heard(reply)
    move = call_status.on_status(request, heard, START + timedelta(minutes=5), timedelta(hours=2))
    if move is not None and move.to is not None:
        assert reply.status == 200 and heard.status in {"succeeded", "failed"}
    if heard.result is PollResult.STATUS:
        assert not is_hidden(heard.status + heard.reason)
    for line in move.lines if move is not None else ():
        thread_line(line)


@pytest.mark.parametrize(
    ("theirs", "ours", "to"),
    [
        ("success", "succeeded", Status.SUCCEEDED),
        ("FAILURE", "failed", Status.FAILED),
        ("calling", "ringing", None),
        ("succeeded", '"succeeded"', None),
        ("failed", '"failed"', None),
        ("on hold", "on hold", None),
    ],
)
def test_only_the_contracts_own_final_words_end_a_call(theirs: str, ours: str, to: Status | None) -> None:
    """Also where a word that it does not know is one of ours."""
    request = a_request(status=Status.PLACED, call_sid="OUT-1", approved_by="U0BOB", placed_at=START)
    heard = _heard(Reply(200, httpx.Headers(), json.dumps({"status": theirs, "reason": ""}).encode()))
    move = call_status.on_status(request, heard, START, timedelta(hours=2))
    assert heard.status == ours and move is not None and move.to is to


def _follows(answer: Answer) -> None:
    """The answer makes a move that the table knows, whatever stands in it."""
    request = a_request(status=Status.DIALING, approved_by="U0BOB", attempts=1)
    move = placement.conclude(request, answer, START, RETRY)
    assert move is not None and move.to in TRANSITIONS[Status.DIALING]
    for line in move.lines:
        thread_line(line)
