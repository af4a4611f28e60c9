"""What people do: commands, clicks, forms, suggestions; and what the app's answer does to their screen."""

import asyncio

import pytest

from sandbox.slack.errors import SlackRefuses

from .conftest import plain


def button(action_id="approve", value="7", **more):
    return {"type": "button", "action_id": action_id, "text": plain("Approve"), "value": value, **more}


def actions(*elements):
    return [{"type": "actions", "block_id": "decide", "elements": list(elements)}]


def select(**more):
    options = [{"text": plain(name), "value": name} for name in ("red", "green")]
    return {"type": "static_select", "action_id": "colour", "options": options, **more}


def form_block(block_id, element, **more):
    return {"type": "input", "block_id": block_id, "label": plain("L"), "element": element, **more}


@pytest.fixture
async def opened(slack, here, bolt, client, modal):
    """Open a modal for Alice and return it."""
    bolt.on(bolt.app.command("/open"))

    async def open_it(**more):
        await here.alice.type("/open", here.calls)
        await client.views_open(trigger_id=bolt.body["trigger_id"], view=modal(**more))
        return here.alice.modals[-1]

    return open_it


@pytest.fixture
async def card(slack, here, client):
    """Post a message with buttons and return it as Slack has it."""

    async def posted(*elements, **more):
        blocks = actions(*elements or [button()])
        answer = await client.chat_postMessage(channel=here.calls.id, text="card", blocks=blocks, **more)
        return slack.workspace.messages.find(here.calls.id, answer["ts"])

    return posted


async def test_a_command_arrives_with_its_text(slack, here, bolt):
    """The app gets command, text, channel and person, and the person no message."""
    bolt.on(bolt.app.command("/call"))
    ack = await here.alice.type("/call  +16175550184 now ", here.calls)
    assert ack.ok and ack.seconds < 1 and here.alice.hears(here.calls) == []
    body = bolt.body
    assert (body["command"], body["text"]) == ("/call", "+16175550184 now")
    assert (body["user_id"], body["channel_id"], body["team_id"]) == (
        here.alice.id,
        here.calls.id,
        slack.team_id,
    )


@pytest.mark.parametrize(("kind", "seen_by_bob"), [("ephemeral", 0), ("in_channel", 1)])
async def test_the_answer_to_a_command_is_shown(here, bolt, kind, seen_by_bob):
    """Text in the acknowledgement is for the person, or for the channel when it says so."""
    bolt.on(bolt.app.command("/call"), text="Hello", response_type=kind)
    await here.alice.type("/call", here.calls)
    assert [message.text for message in here.alice.sees(here.calls)] == ["Hello"]
    assert len(here.bob.sees(here.calls)) == seen_by_bob


async def test_a_late_acknowledgement_is_a_failure_the_person_sees(slack, here, bolt):
    """Slack's own error is shown when the app does not acknowledge in time."""
    assert slack.ack_timeout == 3
    slack.ack_timeout = 0.1

    async def sleep(ack):
        await asyncio.sleep(0.3)
        await ack("too late")

    bolt.app.command("/call")(sleep)
    ack = await here.alice.type("/call", here.calls)
    await asyncio.sleep(0.4)
    assert (ack.ok, ack.problem) == (False, "operation_timeout")
    assert [m.text for m in here.alice.hears(here.calls)] == [
        '/call failed with the error "operation_timeout"'
    ]


async def test_a_command_without_a_connection_fails_at_once(here):
    """With no socket open the person reads dispatch_failed."""
    ack = await here.alice.type("/call", here.calls)
    assert ack.problem == "dispatch_failed" and "dispatch_failed" in here.alice.hears(here.calls)[0].text


async def test_a_bad_answer_to_a_command_is_a_failure(here, bolt):
    """Blocks that Slack would refuse do not count as an answer."""
    bolt.on(bolt.app.command("/call"), text="x", blocks=[{"type": "nonsense"}])
    ack = await here.alice.type("/call", here.calls)
    assert not ack.ok and "invalid_blocks" in ack.problem


async def test_commands_only_where_the_person_is(slack, here):
    """No command from outside the channel, from an archived one, from strangers or the deactivated."""
    old = slack.add_channel("old", [here.alice], archived=True)
    stranger = slack.add_person("Stranger", team_id="T0ELSEWHERE")
    shared = slack.add_channel("shared", [here.alice, stranger])
    for person, channel in ((here.carol, here.calls), (here.alice, old), (stranger, shared)):
        with pytest.raises(SlackRefuses):
            await person.type("/call", channel)
    here.alice.user.deactivated = True
    with pytest.raises(SlackRefuses, match="deactivated"):
        await here.alice.type("/call", here.calls)


async def test_a_click_tells_which_button_of_which_message(here, bolt, card):
    """The action has the button's value and block, the payload the message and its state."""
    bolt.on(bolt.app.action("approve"))
    message = await card(button(), select())
    ack = await here.bob.click(message, "approve")
    action = bolt.body["actions"][0]
    assert ack.ok
    assert (action["value"], action["block_id"], action["type"]) == ("7", "decide", "button")
    assert bolt.body["container"]["message_ts"] == bolt.body["message"]["ts"] == message.ts
    assert bolt.body["state"]["values"]["decide"]["colour"]["selected_option"] is None


async def test_a_click_in_a_thread_names_the_thread(here, bolt, card):
    """The container has the thread's timestamp."""
    bolt.on(bolt.app.action("approve"))
    parent = await card()
    reply = await card(thread_ts=parent.ts)
    await here.bob.click(reply, "approve")
    assert bolt.body["container"]["thread_ts"] == parent.ts


async def test_a_click_on_an_ephemeral_has_no_message(here, bolt, client):
    """What only one person sees arrives as ephemeral, without the message, and only from that person."""
    bolt.on(bolt.app.action("approve"))
    await client.chat_postEphemeral(
        channel=here.calls.id, user=here.bob.id, text="x", blocks=actions(button())
    )
    [message] = here.bob.hears(here.calls)
    await here.bob.click(message, "approve")
    assert bolt.body["container"]["is_ephemeral"] and "message" not in bolt.body
    with pytest.raises(SlackRefuses):
        await here.alice.click(message, "approve")


async def test_a_button_that_is_not_there_cannot_be_clicked(here, card):
    """Neither an unknown button nor one in a channel the person is not in."""
    message = await card()
    with pytest.raises(SlackRefuses, match="approve"):
        await here.bob.click(message, "deny")
    with pytest.raises(SlackRefuses):
        await here.carol.click(message, "approve")


async def test_stale_and_forged_clicks_are_possible_on_purpose(here, bolt, client, card):
    """A button of an earlier version can be clicked as stale, and any value can be forged by anybody."""
    bolt.on(bolt.app.action("approve"))
    message = await card()
    await client.chat_update(channel=here.calls.id, ts=message.ts, text="done")
    with pytest.raises(SlackRefuses):
        await here.bob.click(message, "approve")
    assert (await here.bob.click(message, "approve", stale=True)).ok
    assert (await here.carol.click(message, "approve", force_value="8")).ok
    assert [body["actions"][0]["value"] for body in bolt.bodies] == ["7", "8"]
    assert bolt.body["actions"][0]["block_id"] == "decide"


async def test_choosing_in_a_message(here, bolt, card):
    """A select in a message sends the chosen option, and only one that is offered."""
    bolt.on(bolt.app.action("colour"))
    message = await card(select())
    await here.bob.click(message, "colour", value="green")
    assert bolt.body["actions"][0]["selected_option"]["value"] == "green"
    with pytest.raises(SlackRefuses, match="does not offer"):
        await here.bob.click(message, "colour", value="blue")


async def test_errors_stay_under_the_inputs_and_typed_text_stays(here, bolt, opened):
    """response_action errors keeps the modal open with its errors and with what was typed."""
    bolt.on(bolt.app.view("form"), response_action="errors", errors={"number": "Not a number."})
    view = await opened()
    await here.alice.submit(values={"number": "abc"})
    assert here.alice.modals == [view] and view.errors == {"number": "Not a number."}
    assert view.state["number"]["typed"] == {"type": "plain_text_input", "value": "abc"}


async def test_an_empty_acknowledgement_closes_the_modal(here, bolt, opened):
    """The modal goes, and the submission had what was typed."""
    bolt.on(bolt.app.view("form"))
    view = await opened()
    assert (await here.alice.submit(values={"number": "+1617"})).ok
    assert here.alice.modals == [] and view.closed
    assert bolt.body["view"]["state"]["values"]["number"]["typed"]["value"] == "+1617"


async def test_update_push_and_clear(here, bolt, opened, modal):
    """The other response actions replace the modal, put one on top, and close everything."""
    answers = iter(
        [
            {"response_action": "update", "view": modal(title=plain("Two"))},
            {"response_action": "push", "view": modal(title=plain("Three"))},
            {"response_action": "clear"},
        ]
    )

    async def handle(ack):
        await ack(**next(answers))

    bolt.app.view("form")(handle)
    await opened()
    seen = []
    for _ in range(3):
        await here.alice.submit(values={"number": "1"})
        seen.append([view.title for view in here.alice.modals])
    assert seen == [["Two"], ["Two", "Three"], []]


BAD_ANSWERS = [
    {"response_action": "errors", "errors": {"no_such_block": "x"}},
    {"response_action": "update", "view": {"type": "modal"}},
    {"text": "hello"},
]


@pytest.mark.parametrize("answer", BAD_ANSWERS)
async def test_a_bad_answer_to_a_form_is_trouble(here, bolt, opened, answer):
    """What Slack cannot use shows its banner and keeps the modal."""
    bolt.on(bolt.app.view("form"), **answer)
    view = await opened()
    ack = await here.alice.submit(values={"number": "1"})
    assert not ack.ok and view.trouble and here.alice.modals == [view]


async def test_an_unacknowledged_form_is_trouble(slack, here, opened):
    """Without acknowledgement the modal stays, with Slack's banner."""
    slack.ack_timeout = 0.1
    view = await opened()
    assert not (await here.alice.submit(values={"number": "1"})).ok
    assert view.trouble and here.alice.modals == [view]


REFUSED = [
    ({"type": "plain_text_input", "min_length": 3}, "ab"),
    ({"type": "plain_text_input", "max_length": 3}, "abcd"),
    ({"type": "plain_text_input"}, "x" * 3001),
    ({"type": "plain_text_input"}, ""),
    ({"type": "number_input", "is_decimal_allowed": False}, "1.5"),
    ({"type": "number_input", "is_decimal_allowed": True, "min_value": "2"}, "1.5"),
    ({"type": "number_input", "is_decimal_allowed": True}, "many"),
]


@pytest.mark.parametrize(("element", "value"), REFUSED)
async def test_slack_itself_refuses_bad_input(here, bolt, opened, element, value):
    """Nothing is sent when Slack's own window would not send it; force sends it all the same."""
    bolt.on(bolt.app.view("form"))
    await opened(blocks=[form_block("b", {**element, "action_id": "a"})])
    with pytest.raises(SlackRefuses, match="b"):
        await here.alice.submit(values={"b": value})
    assert here.alice.modals
    assert (await here.alice.submit(force=True)).ok


FILLED = [
    ({"type": "plain_text_input"}, "text", {"value": "text"}),
    ({"type": "number_input", "is_decimal_allowed": False}, "12", {"value": "12"}),
    ({"type": "datepicker"}, "2027-01-02", {"selected_date": "2027-01-02"}),
    ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
]


@pytest.mark.parametrize(("element", "value", "sent"), FILLED, ids=[row[0]["type"] for row in FILLED])
async def test_every_input_is_sent_in_its_own_shape(here, bolt, opened, element, value, sent):
    """state.values has each element's value under the key that Slack uses for it."""
    bolt.on(bolt.app.view("form"))
    await opened(blocks=[form_block("b", {**element, "action_id": "a"})])
    await here.alice.submit(values={"b": value})
    assert bolt.body["view"]["state"]["values"] == {"b": {"a": {"type": element["type"], **sent}}}


OPTIONS = [{"text": plain(name), "value": name} for name in ("red", "green")]
SHOWN = [{"text": {**plain(name), "emoji": True}, "value": name} for name in ("red", "green")]
CHOSEN = [
    ("static_select", "red", {"selected_option": SHOWN[0]}),
    ("radio_buttons", "green", {"selected_option": SHOWN[1]}),
    ("checkboxes", ["red", "green"], {"selected_options": SHOWN}),
]


@pytest.mark.parametrize(("kind", "value", "sent"), CHOSEN, ids=[row[0] for row in CHOSEN])
async def test_choices_are_sent_as_whole_options(here, bolt, opened, kind, value, sent):
    """A chosen option is sent with its text, and an unanswered optional one as null or []."""
    bolt.on(bolt.app.view("form"))
    element = {"type": kind, "action_id": "a", "options": OPTIONS}
    view = await opened(blocks=[form_block("b", element), form_block("c", element, optional=True)])
    [[key, empty]] = [item for item in view.state["c"]["a"].items() if item[0] != "type"]
    assert key in sent and empty in (None, [])
    await here.alice.submit(values={"b": value})
    assert bolt.body["view"]["state"]["values"]["b"]["a"] == {"type": kind, **sent}


async def test_initial_values_are_typed_already(here, opened):
    """A new modal starts with its initial values."""
    element = {"type": "plain_text_input", "action_id": "a", "initial_value": "hello"}
    chosen = {**select(), "initial_option": OPTIONS[1]}
    view = await opened(blocks=[form_block("b", element), form_block("c", chosen)])
    assert view.state["b"]["a"]["value"] == "hello"
    assert view.state["c"]["colour"]["selected_option"]["value"] == "green"


async def test_suggestions_come_from_the_app(here, bolt, opened):
    """An external select offers what the app answers, after enough characters."""
    bolt.on(bolt.app.options("country"), options=OPTIONS)
    bolt.on(bolt.app.view("form"))
    view = await opened(blocks=[form_block("b", {"type": "external_select", "action_id": "country"})])
    with pytest.raises(SlackRefuses, match="more characters"):
        await here.alice.suggest(view, "b", "ge")
    assert [option["value"] for option in await here.alice.suggest(view, "b", "ger")] == ["red", "green"]
    assert bolt.body["value"] == "ger"
    await here.alice.submit(values={"b": "red"})
    assert bolt.body["view"]["state"]["values"]["b"]["country"]["selected_option"]["value"] == "red"


async def test_a_click_in_a_modal_carries_the_view_and_its_state(here, bolt, opened):
    """block_actions from a modal has the view with what was chosen just now."""
    bolt.on(bolt.app.action("colour"))
    view = await opened(blocks=actions(select()))
    await here.alice.click(view, "colour", value="red")
    assert bolt.body["container"] == {"type": "view", "view_id": view.id}
    assert bolt.body["view"]["state"]["values"]["decide"]["colour"]["selected_option"]["value"] == "red"


@pytest.mark.parametrize("notify", [True, False])
async def test_closing_is_told_only_when_asked_for(slack, here, bolt, opened, notify):
    """view_closed is sent only with notify_on_close."""
    bolt.on(bolt.app.view_closed("form"))
    await opened(notify_on_close=notify)
    told = len(slack.deliveries)
    await here.alice.close(whole_stack=True)
    assert here.alice.modals == [] and len(slack.deliveries) - told == notify
    assert not notify or bolt.body["is_cleared"]


async def test_shortcuts_and_home(here, bolt, card):
    """A global shortcut, one on a message, and opening the Home tab reach the app."""
    bolt.on(bolt.app.shortcut("new_call"))
    heard = asyncio.Event()

    async def home(event):
        heard.set()

    bolt.app.event("app_home_opened")(home)
    assert (await here.alice.use_shortcut("new_call")).ok
    message = await card()
    assert (await here.alice.use_shortcut("new_call", message)).ok
    assert [body["type"] for body in bolt.bodies] == ["shortcut", "message_action"]
    assert (await here.alice.open_home()).ok
    await asyncio.wait_for(heard.wait(), 1)


async def test_the_team_of_a_click_is_the_persons_own(slack, here, bolt, client):
    """In a shared channel the payload's team is the other company's."""
    bolt.on(bolt.app.action("approve"))
    partner = slack.add_person("Partner", team_id="T0ELSEWHERE")
    shared = slack.add_channel("shared", [here.alice, partner])
    await client.chat_postMessage(channel=shared.id, text="x", blocks=actions(button()))
    await partner.click(partner.sees(shared)[0], "approve")
    assert bolt.body["team"]["id"] == "T0ELSEWHERE"


async def test_any_payload_can_be_sent_raw(slack, here, bolt):
    """A hostile payload reaches the app as it is, and what Bolt makes of it is the acknowledgement."""
    slack.ack_timeout = 0.2
    ack = await here.alice.send_raw("interactive", {"type": "block_actions", "actions": []})
    assert (ack.ok, slack.deliveries[-1].payload) == (False, {"type": "block_actions", "actions": []})
