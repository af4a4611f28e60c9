"""Misbehaviours of the emulated PolyAI: what the client gets, and whether a phone rang."""

import asyncio
import time

import httpx
import pytest

from sandbox.polyai import faults

NUMBER = "+16175550184"
PATH = "/v1/outbound-calling"


@pytest.fixture
async def http(polyai):
    """A real client that gives up after half a second."""
    headers = {"X-PolyAi-Auth-Token": polyai.token}
    async with httpx.AsyncClient(
        base_url=polyai.url, headers=headers, timeout=0.5, trust_env=False
    ) as client:
        yield client


@pytest.fixture
def place(http):
    """Place a call."""
    return lambda: http.post(PATH, json={"to_number": NUMBER})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 502, 503])
async def test_any_status_can_be_answered(polyai, place, status):
    """The answer is in the contract's shape, has a correlation id, and no phone rings."""
    polyai.faults.add("place", faults.answer(status, headers={"Retry-After": "7"}))
    answer = await place()
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")
    assert set(answer.json()) == {"error", "code"} and "X-PolyAI-Correlation-Id" in answer.headers
    assert polyai.rings(NUMBER) == 0 and polyai.posts[0].answer_status == status
    assert (await place()).status_code == 200


async def test_any_body_can_be_answered(polyai, place):
    """A body of one's own is sent as it is."""
    polyai.faults.add("place", faults.answer(503, "<html>", {"Content-Type": "text/html"}))
    answer = await place()
    assert (answer.text, answer.headers["Content-Type"]) == ("<html>", "text/html")


LOST = [
    (faults.drop(), httpx.ReadError, 0),
    (faults.hang(), httpx.ReadTimeout, 0),
    (faults.lose_answer(), httpx.ReadError, 1),
    (faults.lose_answer_midway(), httpx.HTTPError, 1),
    (faults.late_answer(60), httpx.ReadTimeout, 1),
    (faults.truncated(), httpx.RemoteProtocolError, 1),
]


@pytest.mark.parametrize(("fault", "error", "rings"), LOST, ids=[row[0].name for row in LOST])
async def test_answers_that_never_arrive(polyai, place, fault, error, rings):
    """The client sees only an error; the emulator knows whether the phone rang."""
    polyai.faults.add("place", fault)
    with pytest.raises(error):
        await place()
    assert polyai.rings(NUMBER) == rings
    assert (polyai.posts[0].call_sid is not None) == bool(rings) and polyai.posts[0].fault == fault.name


@pytest.mark.parametrize("fault", [faults.garbage(), faults.no_call_sid()], ids=lambda fault: fault.name)
async def test_answers_that_do_not_tell_the_sid(polyai, place, fault):
    """A 200 without a readable call_sid, although the phone rang."""
    polyai.faults.add("place", fault)
    answer = await place()
    assert answer.status_code == 200 and b"OUT-" not in answer.content
    assert polyai.rings(NUMBER) == 1


@pytest.mark.parametrize("kind", faults.STRANGERS_BODIES)
@pytest.mark.parametrize("status", [404, 429, 500])
async def test_something_in_front_answers_in_its_stead(polyai, place, status, kind):
    """The phone rang; the answer is a stranger's, with PolyAI's id only where that is asked for."""
    body = faults.STRANGERS_BODIES[kind]
    for with_id in (False, True):
        polyai.faults.add("place", faults.gateway(status, body, with_id))
        answer = await place()
        assert (answer.status_code, answer.text) == (status, body)
        assert ("X-PolyAI-Correlation-Id" in answer.headers) is with_id
    assert polyai.rings(NUMBER) == 2 and polyai.posts[0].fault == f"gateway {status}"
    assert ["X-PolyAI-Correlation-Id" in post.answer_headers for post in polyai.posts] == [False, True]


@pytest.mark.parametrize("with_id", [True, False])
async def test_an_error_can_name_the_call(polyai, place, with_id):
    """Under any number and any name, by PolyAI itself or by a stranger; the phone rang."""
    polyai.faults.add("place", faults.names_the_call(500, "callSid", with_id))
    answer = await place()
    assert answer.status_code == 500 and answer.json()["callSid"] in polyai.calls
    assert isinstance(answer.json()["error"], str)
    assert ("X-PolyAI-Correlation-Id" in answer.headers) is with_id


async def test_an_endless_answer(polyai, http):
    """The body goes on until the client hangs up; the phone rang."""
    polyai.faults.add("place", faults.huge())
    read = 0
    async with http.stream("POST", PATH, json={"to_number": NUMBER}) as answer:
        async for chunk in answer.aiter_bytes():
            read += len(chunk)
            if read > 5_000_000:
                break
    assert read > 5_000_000 and polyai.rings(NUMBER) == 1


async def test_a_dripping_answer(polyai, place):
    """The answer comes a byte at a time and is complete in the end."""
    polyai.faults.add("place", faults.slow(0.3))
    started = time.monotonic()
    answer = await place()
    assert time.monotonic() - started >= 0.3
    assert answer.json()["call_sid"] in polyai.calls


async def test_a_redirect(polyai, http):
    """The client is sent elsewhere and nothing is placed."""
    polyai.faults.add("place", faults.redirect("http://127.0.0.1:9/elsewhere", 307))
    answer = await http.post(PATH, json={"to_number": NUMBER}, follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, "http://127.0.0.1:9/elsewhere")
    assert polyai.rings(NUMBER) == 0


async def test_a_status_can_fail_until_cleared(polyai, http, place):
    """Faults of the status are apart from those of placing, and last until cleared when told so."""
    polyai.faults.add("status", faults.answer(503), times=None)
    sid = (await place()).json()["call_sid"]
    statuses = [(await http.get(f"{PATH}/{sid}/status")).status_code for _ in range(3)]
    polyai.faults.clear()
    statuses.append((await http.get(f"{PATH}/{sid}/status")).status_code)
    assert statuses == [503, 503, 503, 200]


async def test_delay_places_only_after_the_wait(polyai, place):
    """The phone rings when the wait is over, not before."""
    polyai.faults.add("place", faults.delay(0.2))
    placing = asyncio.create_task(place())
    await polyai.until(lambda: polyai.posts)
    assert polyai.rings(NUMBER) == 0
    assert (await placing).status_code == 200 and polyai.rings(NUMBER) == 1


async def test_stopped_and_started_again(polyai, place):
    """While stopped nothing answers; on the same port it goes on with the calls it had."""
    await place()
    port = int(polyai.url.rpartition(":")[2])
    await polyai.stop()
    with pytest.raises(httpx.ConnectError):
        await place()
    await polyai.start(port)
    await place()
    assert polyai.rings(NUMBER) == 2
