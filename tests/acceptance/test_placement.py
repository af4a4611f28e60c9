"""Every answer that PolyAI can give, and what becomes of the call."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from sandbox import faults as network
from sandbox.faults import Fault
from sandbox.polyai import faults
from sandbox.slack.model import Message
from tests.support.world import NO_CAPS, NUMBER, World

UNKNOWN = [
    faults.answer(408),
    faults.answer(409),
    faults.answer(502),
    faults.answer(503),
    faults.answer(504, "<html>"),
    faults.answer(418),
    faults.redirect("http://127.0.0.1:1/elsewhere"),
    network.drop(),
    network.lose_answer(),
    faults.lose_answer_midway(),
    network.garbage(),
    faults.truncated(),
    faults.no_call_sid(),
    faults.huge(),
]
NOT_PLACED = [400, 401, 403, 404, 405, 410, 412, 413, 415, 422, 429, 500]
STRANGERS = [
    *(faults.gateway(status) for status in (*NOT_PLACED, 502)),
    *(faults.gateway(500, body) for body in faults.STRANGERS_BODIES.values()),
    *(faults.gateway(500, body, with_id=True) for body in ("", "<html>", '{"message": "x"}', '["error"]')),
    faults.gateway(404, '{"error": "not here"}'),
    faults.gateway(429, '{"error": "slow down"}'),
]
"""All of them when PolyAI has placed the call."""


async def approved(world: World) -> Message:
    card = await world.ask()
    await world.bob.click(card, "approve")
    return card


@pytest.mark.parametrize("fault", [*UNKNOWN, *STRANGERS], ids=lambda fault: fault.name)
async def test_an_answer_that_leaves_it_open_is_never_sent_again(world: World, fault: Fault) -> None:
    """Where a phone may be ringing the thread says so, and the POST is never repeated by itself."""
    world.polyai.faults.add("place", fault)
    await world.start()
    card = await approved(world)
    await world.told(card, "A phone may be ringing")
    await world.shows(card, "Unconfirmed")
    assert {"it_was_placed", "close_it"} <= set(card.buttons)
    world.clock.jump(hours=30)
    await asyncio.sleep(0.2)
    await world.restart()
    assert len(world.polyai.posts) == 1 and world.polyai.rings(NUMBER) <= 1


async def test_no_answer_at_all_is_unconfirmed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """PolyAI that never answers is given up after its time, and the call is unconfirmed."""
    monkeypatch.setattr("bot.polyai.http.TIMEOUT", 0.3)
    world.polyai.faults.add("place", network.hang())
    await world.start()
    card = await approved(world)
    await world.told(card, "A phone may be ringing")
    assert len(world.polyai.posts) == 1


async def test_a_refused_call_is_final_and_says_why(world: World) -> None:
    """400: PolyAI's own message stands in the thread, and nothing is sent again."""
    world.polyai.faults.add("place", faults.answer(400, '{"error": "no <!here> such number", "code": "X"}'))
    await world.start()
    card = await approved(world)
    await world.told(card, "no <!here> such number")
    await world.shows(card, "refused by PolyAI")
    await asyncio.sleep(0.3)
    assert len(world.polyai.posts) == 1


@pytest.mark.parametrize("status", [405, 410, 412, 413, 415, 422])
async def test_any_other_refusal_of_polyais_own_is_final(world: World, status: int) -> None:
    """A number by which PolyAI says that the request has to change: nothing was placed, or sent again."""
    world.polyai.faults.add("place", faults.answer(status))
    await world.start()
    card = await approved(world)
    await world.told(card, "nothing was placed")
    await world.shows(card, "refused by PolyAI")
    await asyncio.sleep(0.3)
    assert len(world.polyai.posts) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_refused_access_holds_the_call_and_stops_dialing(world: World, status: int) -> None:
    """401, 403, 404: nothing was placed; every approved call waits, and goes on when the access works."""
    world.polyai.faults.add("place", faults.answer(status), times=None)
    await world.start(callgate_policy=NO_CAPS)
    card = await approved(world)
    await world.told(card, "Dialing waits")
    other = await approved(world)
    await asyncio.sleep(0.2)
    tried = len(world.polyai.posts)
    assert tried <= 2 and world.polyai.rings(NUMBER) == 0
    world.polyai.faults.clear("place")
    world.clock.jump(minutes=10)
    for each in (card, other):
        await world.told(each, "PolyAI reports success")
    assert world.polyai.rings(NUMBER) == 2


async def test_over_the_rate_limit_waits_as_long_as_polyai_says(world: World) -> None:
    """429: the call was not accepted, and is tried again after Retry-After, not before."""
    world.polyai.faults.add("place", faults.answer(429, headers={"Retry-After": "60"}))
    await world.start()
    card = await approved(world)
    await world.told(card, "takes no more calls")
    first = world.polyai.posts[0].at
    await world.told(card, "PolyAI reports success")
    assert world.polyai.posts[1].at - first >= 60
    assert world.polyai.rings(NUMBER) == 1


async def test_failed_to_place_is_tried_again_with_backoff(world: World) -> None:
    """500: the contract says that nothing was placed, so it is sent again, later and later."""
    world.polyai.faults.add("place", faults.answer(500), times=3)
    await world.start()
    card = await approved(world)
    await world.told(card, "PolyAI reports success")
    waits = [later.at - earlier.at for earlier, later in itertools.pairwise(world.polyai.posts)]
    assert len(waits) == 3 and waits[0] < waits[2] and min(waits) >= 1
    assert world.polyai.rings(NUMBER) == 1


async def test_failing_to_place_for_ever_ends(world: World) -> None:
    """500 again and again is given up after a bounded number of tries."""
    world.polyai.faults.add("place", faults.answer(500), times=None)
    await world.start()
    card = await approved(world)
    await world.told(card, "nothing was placed")
    await world.shows(card, "refused by PolyAI")
    assert len(world.polyai.posts) == 6


async def test_whoever_does_not_believe_failed_to_place_gets_unconfirmed(world: World) -> None:
    """The setting that turns the retries off makes a person decide."""
    world.polyai.faults.add("place", faults.answer(500))
    await world.start(callgate_retry_failed_to_place=False)
    card = await approved(world)
    await world.told(card, "A phone may be ringing")
    assert len(world.polyai.posts) == 1


async def test_a_call_that_was_never_sent_is_sent_later(world: World) -> None:
    """Connection refused: the call waits, says so once, and goes out when PolyAI is there."""
    port = int(world.polyai.url.rsplit(":", 1)[1])
    await world.start()
    await world.polyai.stop()
    card = await approved(world)
    await world.told(card, "nothing was sent")
    await asyncio.sleep(0.3)
    await world.polyai.start(port)
    world.clock.jump(minutes=5)
    await world.told(card, "PolyAI reports success")
    assert sum("nothing was sent" in line for line in world.thread(card)) == 1
    assert world.polyai.rings(NUMBER) == 1


async def test_a_name_that_does_not_resolve_was_never_sent(world: World) -> None:
    """PolyAI's name not resolved: surely not sent, so it is tried again."""
    await world.start(polyai_base_url="https://nowhere.invalid")
    card = await approved(world)
    await world.told(card, "nothing was sent")
    assert world.rows("SELECT conclusion FROM dial_attempts")[0]["conclusion"] == "never_sent"


async def test_the_correlation_id_is_kept_with_the_attempt(world: World) -> None:
    """The id that PolyAI's support asks for stands beside each attempt."""
    await world.start()
    card = await approved(world)
    await world.told(card, "Call placed")
    (attempt,) = world.rows("SELECT * FROM dial_attempts")
    assert attempt["correlation_id"] and attempt["http_status"] == 200


async def test_it_was_placed_takes_up_the_call(world: World) -> None:
    """A person found the call at PolyAI: its call_sid is asked for, and its status followed."""
    world.polyai.faults.add("place", network.lose_answer())
    await world.start()
    card = await approved(world)
    await world.until(lambda: "it_was_placed" in card.buttons)
    await world.carol.click(card, "it_was_placed")
    (form,) = await world.until(lambda: world.carol.modals)
    await world.carol.submit(values={"call_sid": "wrong"})
    assert "OUT-" in form.errors["call_sid"]
    (call_sid,) = world.polyai.calls
    await world.carol.submit(values={"call_sid": call_sid})
    await world.told(card, "says it was placed")
    await world.told(card, "PolyAI reports success")
    await world.shows(card, "Call connected")
    assert len(world.polyai.posts) == 1


async def test_one_call_sid_belongs_to_one_request(world: World) -> None:
    """A call_sid that another request has is refused in the form."""
    await world.start(callgate_policy=NO_CAPS)
    first = await approved(world)
    await world.told(first, "Call placed")
    world.polyai.faults.add("place", faults.answer(503))
    second = await approved(world)
    await world.until(lambda: "it_was_placed" in second.buttons)
    await world.carol.click(second, "it_was_placed")
    (form,) = await world.until(lambda: world.carol.modals)
    await world.carol.submit(values={"call_sid": next(iter(world.polyai.calls))})
    assert "another request" in form.errors["call_sid"]


async def test_a_call_sid_that_somebody_gave_to_the_wrong_request_leaves_the_call_to_a_person(
    world: World,
) -> None:
    """PolyAI's own answer cannot be recorded then: the thread says so, and nothing is dialed again."""
    world.polyai.faults.add("place", faults.answer(503))
    await world.start(callgate_policy=NO_CAPS)
    first = await approved(world)
    await world.until(lambda: "it_was_placed" in first.buttons)
    await world.carol.click(first, "it_was_placed")
    await world.until(lambda: world.carol.modals)
    await world.carol.submit(values={"call_sid": "OUT-next"})
    await world.told(first, "says it was placed")
    json_type = {"Content-Type": "application/json"}
    world.polyai.faults.add("place", faults.answer(200, '{"call_sid": "OUT-next"}', json_type))
    second = await approved(world)
    await world.told(second, "PolyAI placed this call as OUT-next, which somebody named for another request")
    await world.shows(second, "Unconfirmed")
    assert len(world.polyai.posts) == 2


@pytest.mark.parametrize(
    ("status", "with_id"),
    [(400, True), (401, True), (404, True), (413, False), (429, True), (500, True), (503, True)],
)
async def test_a_call_that_an_error_names_is_followed_with_one_click(
    world: World, status: int, with_id: bool
) -> None:
    """Never sent again, whatever the number: the sid is in the thread and on the card, for a person."""
    world.polyai.faults.add("place", faults.names_the_call(status, with_id=with_id))
    await world.start()
    card = await approved(world)
    await world.told(card, "A phone may be ringing")
    (call_sid,) = world.polyai.calls
    await world.told(card, f"The answer names {call_sid}.")
    await world.shows(card, f"Follow {call_sid}")
    assert f"The answer names: {call_sid}" in card.plain
    assert card.buttons == ["follow_it", "it_was_placed", "close_it", "open_review"]
    await world.alice.click(card, "follow_it")
    await world.hears(world.alice, "because you asked for it")
    world.clock.jump(minutes=4)
    await asyncio.gather(*(world.carol.click(card, "follow_it") for _ in range(2)))
    await world.told(card, f"says it was placed: {call_sid}")
    await world.told(card, "PolyAI reports success")
    await world.shows(card, "Call connected")
    assert len(world.polyai.posts) == 1 and not world.carol.hears(world.channel)
    assert len(world.rows("SELECT 1 FROM audit_events WHERE event = 'confirmed_placed'")) == 1


async def test_another_call_than_the_one_that_an_answer_names_can_be_followed(world: World) -> None:
    """The form is still there; and after it one click on the other button changes nothing any more."""
    world.polyai.faults.add("place", faults.names_the_call(500))
    await world.start()
    card = await approved(world)
    await world.until(lambda: "follow_it" in card.buttons)
    await world.carol.click(card, "it_was_placed")
    await world.until(lambda: world.carol.modals)
    await world.carol.submit(values={"call_sid": "OUT-another"})
    await world.told(card, "says it was placed: OUT-another")
    await world.bob.click(card, "follow_it", stale=True)
    await world.hears(world.bob, "already approved")
    assert world.rows("SELECT call_sid FROM call_requests") == [{"call_sid": "OUT-another"}]


async def test_a_call_that_an_answer_names_and_another_request_has_is_not_followed_twice(
    world: World,
) -> None:
    """A stranger may name any call: the click is refused in a sentence, and the call can be closed."""
    await world.start(callgate_policy=NO_CAPS)
    first = await approved(world)
    await world.told(first, "Call placed")
    (call_sid,) = world.polyai.calls
    world.polyai.faults.add("place", faults.gateway(500, f"<p>{call_sid}</p>"))
    second = await approved(world)
    await world.until(lambda: "follow_it" in second.buttons)
    await world.carol.click(second, "follow_it")
    await world.hears(world.carol, "belongs to another request")
    await world.carol.click(second, "close_it")
    await world.shows(second, "Unconfirmed call closed")


async def test_close_it_ends_an_unconfirmed_call(world: World) -> None:
    """A person who may approve closes it; the requester may not."""
    world.polyai.faults.add("place", faults.answer(503))
    await world.start()
    card = await approved(world)
    await world.until(lambda: "close_it" in card.buttons)
    await world.alice.click(card, "close_it")
    await world.hears(world.alice, "because you asked for it")
    await world.carol.click(card, "close_it")
    await world.shows(card, "Unconfirmed call closed")
    await world.bob.click(card, "close_it", stale=True)
    await world.hears(world.bob, f"already closed by <@{world.carol.id}>")
