"""`/call` and its form, up to the submission."""

from __future__ import annotations

import pytest

from sandbox.faults import hang
from sandbox.slack import faults
from tests.support.world import FORM, NUMBER, World


async def test_help_explains_the_command_to_the_person_alone(world: World) -> None:
    """`/call help` says what the command does, to the person who asked."""
    await world.start()
    await world.alice.type("/call help", world.channel)
    await world.hears(world.alice, "opens a form")
    assert not world.bob.hears(world.channel) and not world.alice.modals


@pytest.mark.parametrize(
    "text", ["to my grandmother", f'{NUMBER} variant="open', f"{NUMBER} a_key=1 a_key=2"]
)
async def test_an_unreadable_command_gets_a_sentence_and_the_help(world: World, text: str) -> None:
    """What cannot be read is answered with what is wrong and how the command is used."""
    await world.start()
    await world.alice.type(f"/call {text}", world.channel)
    await world.hears(world.alice, "opens a form")
    assert not world.alice.modals
    assert not world.alice.hears(world.channel)[-1].plain.startswith("/call")


async def test_the_form_opens_filled_in_with_what_stands_behind_the_command(world: World) -> None:
    """Number and metadata of the command stand in the form's fields."""
    await world.start()
    await world.alice.type(f'/call {NUMBER} variant="Inpatient at St Charles"', world.channel)
    (form,) = await world.until(lambda: world.alice.modals)
    assert form.state["to_number"]["to_number"]["value"] == NUMBER
    assert form.state["metadata"]["metadata"]["value"] == "variant=Inpatient at St Charles"


async def test_where_the_bot_is_no_member_it_says_so_before_the_form(world: World) -> None:
    """In a channel without the bot no form opens; the person learns how to invite it, and loses nothing."""
    elsewhere = world.slack.add_channel("elsewhere", [world.alice], bot_is_member=False)
    await world.start()
    await world.alice.type(f"/call {NUMBER}", elsewhere)
    (said,) = await world.until(lambda: world.alice.hears(elsewhere))
    assert "/invite" in said.plain and f"/call {NUMBER}" in said.plain
    assert not world.alice.modals


@pytest.mark.parametrize("private", [True, False])
async def test_a_private_channel_or_direct_message_without_the_bot_is_no_place_either(
    world: World, private: bool
) -> None:
    """Where the bot cannot even see the conversation, the person is told the same."""
    if private:
        place = world.slack.add_channel("secret", [world.alice], private=True, bot_is_member=False)
    else:
        place = world.slack.add_direct_message(world.alice, world.bob)
    await world.start()
    await world.alice.type("/call", place)
    (said,) = await world.until(lambda: world.alice.hears(place))
    assert "/invite" in said.plain and not world.alice.modals


async def test_with_an_approvals_channel_the_command_works_anywhere(world: World) -> None:
    """The card goes to the approvals channel, and the requester is told where it is."""
    approvals = world.slack.add_channel("approvals", [world.bob])
    elsewhere = world.slack.add_channel("elsewhere", [world.alice], bot_is_member=False)
    await world.start(callgate_approvals_channel=approvals.id)
    await world.alice.type("/call", elsewhere)
    await world.until(lambda: world.alice.modals)
    await world.unfold(world.alice, FORM)
    await world.alice.submit(values=FORM)
    await world.until(lambda: world.cards(approvals))
    (said,) = await world.until(lambda: world.alice.direct_messages())
    assert f"<#{approvals.id}>" in said.text


async def test_an_expired_trigger_gets_please_try_again(world: World) -> None:
    """When Slack no longer opens the form, the person is asked to try again."""
    await world.start()
    world.slack.trigger_ttl = 0.0
    await world.alice.type("/call", world.channel)
    await world.hears(world.alice, "Please try again")


async def test_while_slack_does_not_answer_the_person_is_told(world: World) -> None:
    """When Slack's Web API fails, the command is answered with a sentence, not with silence."""
    await world.start()
    world.slack.faults.add("conversations.info", faults.http_error(503))
    await world.alice.type("/call", world.channel)
    await world.hears(world.alice, "Please try again")


async def test_the_command_is_acknowledged_while_slack_is_slow(world: World) -> None:
    """The acknowledgement waits for no answer of Slack's."""
    await world.start()
    world.slack.faults.add("conversations.info", hang(2))
    ack = await world.alice.type("/call", world.channel)
    assert ack.ok and ack.seconds < 1


async def test_countries_are_found_while_typing(world: World) -> None:
    """The country field finds countries by the beginning of their names."""
    await world.start()
    await world.alice.type("/call", world.channel)
    (form,) = await world.until(lambda: world.alice.modals)
    options = await world.alice.suggest(form, "country", "germ")
    assert [option["value"] for option in options] == ["DE"]


async def test_the_command_can_have_another_name(world: World) -> None:
    """Where another app has /call: ours is heard by its own name, and every sentence says that name."""
    await world.start(callgate_command="/voice-call")
    await world.alice.type("/voice-call help", world.channel)
    await world.hears(world.alice, "/voice-call stop +1 617 645 1984")
    await world.bob.type("/voice-call freeze look", world.channel)
    await world.hears(world.bob, "/voice-call unfreeze 1")
    await world.alice.type("/voice-call", world.channel)
    await world.until(lambda: world.alice.modals)
    assert not any(" /call" in message.plain for message in world.bob.hears(world.channel))
