"""The emulated PolyAI keeps to the contract of its Outbound Calling API, at every edge."""

import base64
import json

import httpx
import pytest

NUMBER = "+16175550184"
PATH = "/v1/outbound-calling"


@pytest.fixture
async def http(polyai):
    """A real client with the right token."""
    headers = {"X-PolyAi-Auth-Token": polyai.token}
    async with httpx.AsyncClient(base_url=polyai.url, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def place(http):
    """Place a call."""

    async def placed(**body):
        return await http.post(PATH, json={"to_number": NUMBER, **body})

    return placed


async def test_a_call_is_placed_once_for_each_post(polyai, place):
    """Each accepted POST rings the phone and is answered with a new OUT- id."""
    first, second = await place(), await place(metadata={"name": "Ada"})
    sids = [answer.json()["call_sid"] for answer in (first, second)]
    assert first.status_code == 200 and set(first.json()) == {"call_sid"}
    assert len(set(sids)) == 2 and all(sid.startswith("OUT-") for sid in sids)
    assert polyai.rings(NUMBER) == 2 and polyai.rings("+15550000000") == 0
    call = polyai.calls[sids[1]]
    assert (call.to_number, call.metadata, call.encryption) == (NUMBER, {"name": "Ada"}, "TLS/SRTP")


async def test_posts_are_kept_without_the_token(polyai, place):
    """Every POST is kept as it came, with its answer, and without the token."""
    answer = await place()
    [post] = polyai.posts
    assert post.json == {"to_number": NUMBER} and post.body == answer.request.content
    assert (post.answer_status, post.answer_body) == (200, answer.content)
    assert post.call_sid == answer.json()["call_sid"]
    assert polyai.token not in str(post.headers)


async def test_national_numbers_need_a_country(polyai, place):
    """A national number is understood together with its country code only."""
    assert (await place(to_number="020 7946 0018", country_code="GB")).status_code == 200
    assert polyai.rings("+442079460018") == 1
    assert (await place(to_number="020 7946 0018")).status_code == 400


BAD = [
    {"to_number": "hello"},
    {"to_number": ""},
    {"to_number": "+1"},
    {"to_number": None},
    {"to_number": 16175550184},
    {"country_code": 1},
    {"metadata": {"n": 1}},
    {"metadata": {"n": True}},
    {"metadata": {"n": {}}},
    {"metadata": {"n": None}},
    {"metadata": ["a"]},
    {"encryption": "none"},
]


@pytest.mark.parametrize("body", BAD, ids=str)
async def test_a_bad_request_is_400(polyai, place, body):
    """What breaks the contract is refused with error and code, and no phone rings."""
    answer = await place(**body)
    assert answer.status_code == 400 and set(answer.json()) == {"error", "code"}
    assert polyai.calls == {} and polyai.posts[0].call_sid is None


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"'])
async def test_a_body_that_is_no_json_object_is_400(http, raw):
    """The body must be a JSON object."""
    answer = await http.post(PATH, content=raw, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


async def test_only_json_is_read(http):
    """A form is refused."""
    assert (await http.post(PATH, data={"to_number": NUMBER})).status_code == 400


@pytest.mark.parametrize("encryption", ["UDP/RTP", "UDP/SRTP", "TLS/RTP", "TLS/SRTP"])
async def test_each_encryption_of_the_contract(polyai, place, encryption):
    """The four kinds are accepted."""
    sid = (await place(encryption=encryption)).json()["call_sid"]
    assert polyai.calls[sid].encryption == encryption


@pytest.mark.parametrize(("encoded_size", "status"), [(26 * 1024 - 4, 200), (26 * 1024, 400)])
async def test_metadata_must_stay_under_26_kb_in_base64(place, encoded_size, status):
    """The largest metadata that is less than the limit is accepted, and the limit itself is not."""
    size = encoded_size // 4 * 3
    metadata = {"k": "x" * (size - len(json.dumps({"k": ""})))}
    assert len(base64.b64encode(json.dumps(metadata).encode())) == encoded_size
    assert (await place(metadata=metadata)).status_code == status


async def test_the_token_is_checked(polyai, http, place):
    """Without a token, with another one, or when told to refuse it, everything is 401."""
    missing = await http.post(PATH, json={"to_number": NUMBER}, headers={"X-PolyAi-Auth-Token": ""})
    wrong = await http.get(f"{PATH}/OUT-1/status", headers={"X-PolyAi-Auth-Token": "wrong"})
    polyai.refuse_token = True
    refused = await place()
    assert [answer.status_code for answer in (missing, wrong, refused)] == [401] * 3
    assert set(refused.json()) == {"error", "code"} and polyai.calls == {}


async def test_every_answer_has_its_own_correlation_id(polyai, http, place):
    """Good answers and errors carry X-PolyAI-Correlation-Id, each another."""
    answers = [await place(), await place(to_number="x"), await http.get(f"{PATH}/OUT-1/status")]
    assert len({answer.headers["X-PolyAI-Correlation-Id"] for answer in answers}) == 3


async def test_the_status_follows_what_the_call_is_told(polyai, http, place):
    """A call is queued, goes where it is set, and never leaves its end."""
    sid = (await place()).json()["call_sid"]

    async def status():
        return tuple((await http.get(f"{PATH}/{sid}/status")).json().values())

    seen = [await status()]
    for step in (("calling", ""), ("failure", "call queueing: max timeout limit exceeded"), ("success", "")):
        polyai.set_status(sid, *step)
        seen.append(await status())
    failed = ("failure", "call queueing: max timeout limit exceeded")
    assert seen == [("queued", ""), ("calling", ""), failed, failed]
    assert len(polyai.calls[sid].polls) == 4


async def test_calls_can_progress_by_themselves(polyai, http, place, clock):
    """With a progress set, the status follows the clock."""
    polyai.set_progress([(2, "calling", ""), (10, "success", "")])
    sid = (await place()).json()["call_sid"]
    seen = []
    for seconds in (1, 1, 8):
        clock.forward(seconds)
        seen.append((await http.get(f"{PATH}/{sid}/status")).json()["status"])
    assert seen == ["queued", "calling", "success"]


@pytest.mark.parametrize(("seconds", "status"), [(7200, 200), (7201, 404)])
async def test_a_status_is_forgotten_two_hours_after_the_end(polyai, http, place, clock, seconds, status):
    """Two hours after the end the id is unknown; a call that did not end is remembered."""
    ended, open_ = [(await place()).json()["call_sid"] for _ in range(2)]
    clock.forward(600)
    polyai.set_status(ended, "success")
    clock.forward(seconds)
    assert (await http.get(f"{PATH}/{ended}/status")).status_code == status
    assert (await http.get(f"{PATH}/{open_}/status")).status_code == 200


@pytest.mark.parametrize(("sid", "status"), [("OUT-unknown", 404), ("CA123", 400)])
async def test_unknown_ids(http, sid, status):
    """An id nobody has is 404, and what is no id at all is 400."""
    answer = await http.get(f"{PATH}/{sid}/status")
    assert answer.status_code == status and set(answer.json()) == {"error", "code"}


async def test_until_and_subscribe(polyai, place):
    """Listeners hear of placements, and waiting in vain shows the calls."""
    heard = []
    polyai.subscribe(heard.append)
    await place()
    await polyai.until(lambda: polyai.rings(NUMBER) == 1)
    assert [change.kind for change in heard] == ["placed", "posted"]
    with pytest.raises(AssertionError, match="queued"):
        await polyai.until(lambda: False, timeout=0.02)


async def test_no_country_is_left_out_and_not_null(place):
    """The contract has a string there, or nothing: null is refused."""
    assert (await place(country_code=None)).status_code == 400
    assert (await place(country_code="US")).status_code == 200
