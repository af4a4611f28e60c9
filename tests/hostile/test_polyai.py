"""Whatever PolyAI answers: only what the contract calls "not placed" is taken for that."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import following, placement
from bot.domain.answer import Answer, Conclusion, Hearing
from bot.domain.call_request import CALL_SID
from bot.domain.states import TRANSITIONS, Status
from bot.domain.visible import is_hidden
from bot.polyai.conclusions import conclude_error, conclude_reply
from bot.polyai.http import Reply
from bot.polyai.outbound_calling import _heard
from bot.slack.thread_lines import thread_line
from tests.hostile.effort import effort
from tests.hostile.mutations import JUNK
from tests.support.clock import START
from tests.support.requests import a_request

SURELY_NOT_PLACED = {400, 401, 403, 404, 429, 500}

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(JUNK) | st.text(max_size=20) | st.integers(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
NAMES = st.sampled_from(["call_sid", "error", "code", "status", "reason", "message"])
BODIES = (
    st.binary(max_size=60)
    | st.dictionaries(NAMES, VALUES | st.sampled_from(["OUT-1", "OUT-\n", "out-1", "success"])).map(
        lambda body: json.dumps(body).encode()
    )
    | st.sampled_from([b"", b"{}", b"[" * 50_000, b'{"call_sid": ' + b"9" * 5_000, b"\xff\xfe{", b"NaN"])
)
STATUSES = st.integers(100, 599) | st.sampled_from([200, 201, 204, *SURELY_NOT_PLACED])
WAITS = st.sampled_from(
    ["", "5", "-1", "9" * 400, "nan", "inf", "1e400", "٣", "Wed, 21 Oct 2026 07:28:00 GMT"]
)
HEADERS = st.builds(
    lambda wait, name: {"Retry-After": wait.encode(), "X-PolyAI-Correlation-Id": name},
    WAITS,
    st.binary(max_size=200).filter(lambda value: not set(value) & {0, 10, 13}),
)
REPLIES = st.builds(
    lambda *parts: Reply(parts[0], httpx.Headers(parts[1]), parts[2]), STATUSES, HEADERS, BODIES
)
RETRY = placement.Retry(lambda attempts: 2.0, failed_to_place=True)


@effort(300)
@given(reply=REPLIES)
@example(reply=Reply(429, httpx.Headers({"Retry-After": "9" * 30}), b"{}"))
@example(reply=Reply(200, httpx.Headers(), b'{"call_sid": "OUT-1\\n"}'))
def test_no_answer_makes_surely_not_sent_of_unknown(reply: Reply) -> None:
    """Placed only with a call_sid, not placed only where the contract says so, unknown all the rest."""
    answer = conclude_reply(reply)
    if reply.status in SURELY_NOT_PLACED:
        assert answer.conclusion not in {Conclusion.PLACED, Conclusion.UNKNOWN}
    else:
        placed = 200 <= reply.status < 300 and CALL_SID.match(str(answer.call_sid)) is not None
        assert answer.conclusion is (Conclusion.PLACED if placed else Conclusion.UNKNOWN)
    assert not is_hidden(answer.message + str(answer.correlation_id))
    _follows(answer)


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
    move = following.hear(request, heard, START + timedelta(minutes=5))
    if move is not None and move.to is not None:
        assert reply.status == 200 and heard.status in {"success", "failure"}
    if heard.hearing is Hearing.STATUS:
        assert not is_hidden(heard.status + heard.reason)
    for line in move.lines if move is not None else ():
        thread_line(line)


def _follows(answer: Answer) -> None:
    """The answer makes a move that the table knows, whatever stands in it."""
    request = a_request(status=Status.DIALING, approved_by="U0BOB", attempts=1)
    move = placement.conclude(request, answer, START, RETRY)
    assert move is not None and move.to in TRANSITIONS[Status.DIALING]
    for line in move.lines:
        thread_line(line)
