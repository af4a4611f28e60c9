"""Payloads that are wrong in any way, over both ways in: refused, or nothing, and the bot lives on."""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ask_form import read_ask
from bot.domain.call_request import CallRequest
from bot.polyai.contract import CONTRACT
from bot.slack.show import ids
from tests.hostile.effort import effort
from tests.hostile.mutations import MUTATIONS, mutated
from tests.hostile.samples import HEARD, kind_of, of_an_organisation
from tests.hostile.wire import interactive, sign_and_post
from tests.support.world import FORM, World

_forms = itertools.count()


async def pending(world: World) -> CallRequest:
    """A request of Alice's that nobody has decided; once there is a card to click on."""
    if not world.cards():
        await world.ask()
    return await world.service.submit(
        world.alice.id, world.channel.id, f"V{next(_forms)}", read_ask(FORM, CONTRACT)
    )


_DONE = "SELECT event, actor FROM audit_events"


def books(world: World, request: CallRequest) -> list[dict[str, Any]]:
    """How the request stands, what people did to it by the record, and how many requests there are."""
    return [
        *world.rows("SELECT status, approved_by, ended_by FROM call_requests WHERE id = ?", request.id),
        *world.rows(f"{_DONE} WHERE call_request_id = ? AND event <> 'told'", request.id),
        *world.rows("SELECT count(*) FROM call_requests"),
    ]


def essence(payload: Any) -> Any:
    """Who did what to which request, as the payload plainly says it; None where it does not."""
    try:
        if payload["type"] == "view_submission":
            view = payload["view"]
            return payload["user"]["id"], view["callback_id"], view["private_metadata"]
        action = payload["actions"][0]
        return payload["type"], payload["user"]["id"], action["action_id"], action["value"]
    except (KeyError, IndexError, TypeError):
        return None


def body_of(payload: dict[str, Any]) -> bytes:
    if "command" in payload and "type" not in payload:
        fields = {name: str(value) for name, value in payload.items()}
        return urlencode(fields, errors="replace").encode()
    return interactive(payload)


@pytest.mark.parametrize("name", HEARD)
@effort(40)
@given(mutations=MUTATIONS)
async def test_a_mutated_payload_over_http_does_nothing_that_it_does_not_say(
    http: World, name: str, mutations: Any
) -> None:
    """200 or 4xx in a sentence, never 500 nor an incident; nothing is decided but what it plainly says."""
    request = await pending(http)
    sample = HEARD[name](http, request)
    payload, before = mutated(sample, mutations), books(http, request)
    answer = await sign_and_post(http, body_of(payload))
    await http.settle()
    assert answer.status == 200 or 400 <= answer.status < 500
    assert "Traceback" not in answer.text and not http.logs.incidents, [
        i["exception"][-900:] for i in http.logs.incidents
    ]
    if essence(payload) is None or essence(payload) != essence(sample):
        assert books(http, request) == before


@effort(15)
@given(name=st.sampled_from(sorted(HEARD)), mutations=MUTATIONS)
async def test_a_mutated_payload_over_socket_mode_does_not_stop_the_bot(
    world: World, name: str, mutations: Any
) -> None:
    """What cannot be read is not acknowledged or acknowledged empty, and the next click is served."""
    await begin(world)
    world.slack.ack_timeout = 0.2
    request = await pending(world)
    sample = HEARD[name](world, request)
    payload, before = mutated(sample, mutations), books(world, request)
    await world.alice.send_raw(kind_of(name), payload)
    await world.settle()
    assert not world.logs.incidents
    if essence(payload) is None or essence(payload) != essence(sample):
        assert books(world, request) == before
    world.slack.ack_timeout = 5.0
    fine = await world.alice.send_raw("interactive", HEARD["suggestion"](world, request))
    assert fine.ok and fine.payload and fine.payload["options"]


@pytest.mark.parametrize("name", HEARD)
async def test_the_payloads_of_an_organisation_are_heard(http: World, name: str) -> None:
    """Where the app is installed for an Enterprise organisation `team` is null: all the same to us."""
    request = await pending(http)
    payload = of_an_organisation(HEARD[name])(http, request)
    answer = await sign_and_post(http, body_of(payload))
    await http.settle()
    assert answer.status == 200 and "odd_payload" not in http.logs.text and not http.logs.incidents


@pytest.mark.parametrize("team", [None, {"id": "T0OTHER", "domain": "other"}, {}])
async def test_a_click_by_anybody_from_elsewhere_decides_nothing(http: World, team: Any) -> None:
    """In a channel shared with another company `team` may be theirs: the person is looked up, and refused."""
    stranger = http.slack.add_person("Steve", team_id="T0OTHER")
    http.channel.members.append(stranger.id)
    request = await pending(http)
    click = HEARD[ids.APPROVE](http, request)
    forged = click | {"team": team, "user": {"id": stranger.id, "team_id": http.slack.team_id}}
    before = books(http, request)
    assert (await sign_and_post(http, body_of(forged))).status == 200
    await http.settle()
    assert books(http, request) == before


UNHEARD = [
    {"type": "view_closed", "user": {"id": "U0BOB"}, "view": {"id": "V1"}, "is_cleared": False},
    {"type": "shortcut", "callback_id": "call", "user": {"id": "U0BOB"}},
    {"type": "message_action", "callback_id": "call", "message": None},
    {"type": "event_callback", "event": 5},
    {"type": "event_callback", "authorizations": [], "event": {"type": "app_home_opened"}},
    {"type": "interactive_message", "actions": []},
    {"type": ["block_actions"]},
    {"type": "block_actions", "actions": []},
    {"type": "block_actions", "actions": [], "user": {"id": "U0BOB"}},
    {},
]


@pytest.mark.parametrize("payload", UNHEARD)
async def test_what_nobody_listens_to_is_no_incident(http: World, payload: dict[str, Any]) -> None:
    """Other kinds of payload are acknowledged with nothing; a click on nothing is refused."""
    answer = await sign_and_post(http, body_of(payload))
    assert answer.status == (400 if payload.get("type") == "block_actions" else 200)
    assert not http.logs.incidents


async def begin(world: World) -> None:
    if not world.running:
        await world.start(callgate_max_pending=10_000)


async def test_a_click_on_a_home_tab_that_is_not_ours_is_acknowledged(http: World) -> None:
    """A genuine payload that nobody listens to gets its 200, and changes nothing."""
    request = await pending(http)
    payload = HEARD["approve"](http, request)
    view = {"type": "home", "id": "V0HOME", "callback_id": "", "state": {"values": {}}}
    home = {**payload, "type": "block_actions", "actions": [{"action_id": "theirs"}], "view": view}
    answer = await sign_and_post(http, body_of(home))
    assert answer.status == 200
