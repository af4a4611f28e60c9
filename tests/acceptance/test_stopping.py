"""They asked us to stop: one person puts a number on the suppression list, two take it off again."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from sandbox.slack.model import Message
from sandbox.slack.person import Person
from tests.support.world import NUMBER, World

OTHER = "+16176451985"
SHOWN, MASKED = "+1 617-645-1984", "+1 617 ••• ••84"


async def typed(world: World, person: Person, text: str, answer: str) -> None:
    """Type it behind /call; that person alone is answered so."""
    before = len(person.hears(world.channel))
    await person.type(f"/call {text}", world.channel)
    heard = await world.until(lambda: person.hears(world.channel)[before:])
    assert answer in heard[0].plain


async def approved_and_waiting(world: World, **fields: Any) -> Message:
    """Approved, and not dialed: PolyAI refuses us."""
    card = await world.ask(**fields)
    await world.bob.click(card, "approve")
    await world.told(card, "refused our access")
    return card


async def called(world: World) -> Message:
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.shows(card, "Call connected")
    return card


def listed(world: World) -> list[tuple[str, str]]:
    rows = world.rows("SELECT number, added_by FROM suppressions ORDER BY number")
    return [(row["number"], row["added_by"]) for row in rows]


def record(world: World, *events: str) -> list[tuple[str, str]]:
    """The record's events of these kinds, with their actors; none tells a number or what was typed."""
    rows = world.rows("SELECT * FROM audit_events ORDER BY id")
    kept = [row for row in rows if row["event"] in events]
    told = "".join(row["details"] for row in kept)
    assert not any(word in told for word in ("6176451984", "6176451985", "they asked", "why"))
    return [(row["event"], row["actor"]) for row in kept]


async def test_stop_cancels_what_waits_and_says_so_in_each_thread(world: World) -> None:
    """Pending and approved requests to the number end, others stay; nothing is dialed later either."""
    world.polyai.refuse_token = True
    await world.start()
    approved = await approved_and_waiting(world)
    pending, other = await world.ask(), await world.ask(to_number=OTHER)
    await typed(world, world.carol, f"stop {NUMBER}", f"{SHOWN} is on the suppression list now")
    for card in (approved, pending):
        await world.told(card, f"Cancelled, because <@{world.carol.id}> put this number on the suppression")
        await world.shows(card, "Call cancelled")
        assert card.buttons == ["open_review"]
    assert "2 waiting requests to it were cancelled" in world.carol.hears(world.channel)[0].plain
    assert "waiting for approval" in other.plain
    world.polyai.refuse_token = False
    world.clock.jump(hours=1)
    await asyncio.sleep(0.3)
    assert not world.polyai.calls
    assert listed(world) == [(NUMBER, world.carol.id)]
    assert record(world, "suppressed") == [("suppressed", world.carol.id)]


async def test_stop_twice_says_that_it_is_on_the_list_already(world: World) -> None:
    """The second person is told so, and the first entry stays as it is."""
    await world.start()
    await typed(world, world.carol, "stop +1 (617) 645-1984 they rang us", "is on the suppression list now")
    await typed(world, world.bob, f"stop {NUMBER}", "was on the suppression list already")
    assert listed(world) == [(NUMBER, world.carol.id)]
    assert world.rows("SELECT why FROM suppressions") == [{"why": "they rang us"}]
    assert record(world, "suppressed") == [("suppressed", world.carol.id)]


NO_NUMBERS = {
    "stop": "/call stop +1 617 645 1984",
    "stop please": "/call stop +1 617 645 1984",
    "stop 617 645 1984": "Begin the number with +",
    "stop 911": "Begin the number with +",
    "stop '; DROP TABLE suppressions; --": "Begin the number with +",
    "stop +1 617 645 198": "too short",
    "stop +1 017 645 1984": "No number like this is in use",
    "stop +16176451984 +16176451985": "two numbers",
    "stop +16176451984 x99": "An extension",
    "stop +1-800-FLOWERS": "letters",
    "stop +1617\u202e6451984": "invisible",
    "stop +١٦١٧٦٤٥١٩٨٤": "ordinary digits",
    f"stop {NUMBER} " + "x" * 301: "300 characters",
    "unstop +1617": "too short",
}


async def test_what_is_no_number_stops_nobody(world: World) -> None:
    """Each gets a sentence that says what to do, and the list stays empty."""
    await world.start()
    for text, answer in NO_NUMBERS.items():
        await typed(world, world.carol, text, answer)
    assert listed(world) == []


async def test_only_full_members_can_stop_a_number(world: World) -> None:
    """Guests, bots and people of another workspace are refused: it would cancel other people's requests."""
    guest, bot = world.slack.add_person("Gina", guest=True), world.slack.add_person("Robo", bot=True)
    world.channel.members += [guest.id, bot.id]
    await world.start()
    card = await world.ask()
    await typed(world, guest, f"stop {NUMBER}", "guests")
    await typed(world, bot, f"stop {NUMBER}", "bots")
    assert listed(world) == [] and "waiting for approval" in card.plain


async def test_the_button_stops_the_number_of_a_finished_call(world: World) -> None:
    """It asks first; then the number is on the list, what waits is cancelled and both threads say so."""
    await world.start()
    card = await called(world)
    assert card.buttons == ["open_review", "asked_to_stop"]
    (button,) = (
        e for b in card.blocks for e in b.get("elements", []) if e.get("action_id") == "asked_to_stop"
    )
    assert button["confirm"]["title"]["text"] == "Never call this number again?"
    waiting = await world.ask()
    await world.carol.click(card, "asked_to_stop")
    await world.told(card, f"<@{world.carol.id}> says they asked us to stop")
    await world.told(card, "1 waiting request to it was cancelled")
    await world.shows(waiting, "Call cancelled")
    await world.hears(world.carol, "The number is on the suppression list now")
    assert world.rows("SELECT call_request_id FROM suppressions") == world.rows(
        "SELECT id AS call_request_id FROM call_requests WHERE status = 'succeeded'"
    )
    await world.shows(card, f"<@{world.carol.id}> put this number on the suppression list.")
    assert card.buttons == ["open_review"]
    await world.bob.click(card, "asked_to_stop", stale=True)
    await world.hears(world.bob, "was on the suppression list already")
    assert record(world, "suppressed") == [("suppressed", world.carol.id)]
    assert SHOWN not in json.dumps([message.plain for message in world.alice.sees(world.channel)])


async def test_a_press_finds_that_the_number_was_stopped_elsewhere(world: World) -> None:
    """Somebody typed /call stop after the call: the press is answered, and the card says so from then on."""
    await world.start()
    card = await called(world)
    await typed(world, world.carol, f"stop {NUMBER}", "is on the suppression list now")
    await world.bob.click(card, "asked_to_stop")
    await world.hears(world.bob, "was on the suppression list already")
    await world.shows(card, f"<@{world.carol.id}> put this number on the suppression list.")
    assert card.buttons == ["open_review"]


async def test_a_forged_press_before_the_call_has_ended_stops_nothing(world: World) -> None:
    """The button's value sent for a request that nobody was called for is refused."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "asked_to_stop", force_value=_value(card))
    await world.hears(world.bob, "No call has ended here")
    assert listed(world) == [] and "waiting for approval" in card.plain


async def test_a_guest_cannot_press_it(world: World) -> None:
    """The button is there for everybody who sees the card, and counts for full members only."""
    guest = world.slack.add_person("Gina", guest=True)
    world.channel.members.append(guest.id)
    await world.start()
    card = await called(world)
    await guest.click(card, "asked_to_stop")
    await world.hears(guest, "guests")
    assert listed(world) == []


async def test_it_takes_two_approvers_to_take_a_number_off(world: World) -> None:
    """The first says why, the second the same; the channel is told each time, with the number masked."""
    await world.start(callgate_approvers=f"{world.bob.id},{world.carol.id}")
    await typed(world, world.alice, f"stop {NUMBER}", "on the suppression list now")
    await typed(world, world.bob, f"unstop {NUMBER}", "Say why")
    await typed(
        world, world.bob, f"unstop {NUMBER} A wrong number was typed", f"/call unstop {NUMBER} agree 1"
    )
    await typed(world, world.bob, f"unstop {NUMBER} once more", "has asked for that already")
    await typed(world, world.alice, f"unstop {NUMBER} please", "not one of the approvers")
    assert listed(world) == [(NUMBER, world.alice.id)]
    await typed(world, world.bob, f"unstop {NUMBER} agree 1", "another approver has to agree")
    await typed(world, world.carol, "unstop +1 617 645 1984", "/call unstop <number> agree 1")
    assert listed(world) == [(NUMBER, world.alice.id)]
    await typed(world, world.carol, "unstop +1 617 645 1984 Agree 1", "is off the suppression list")
    assert listed(world) == []
    await world.until(lambda: len(world.notices()) == 2)
    asked, off = world.notices()
    assert asked.startswith(f"<@{world.bob.id}> wants {MASKED} taken off") and "A wrong number" in asked
    assert "/call unstop <number> agree 1," in asked
    assert f"{MASKED} is off the suppression list" in off and f"<@{world.carol.id}> agreed" in off
    assert record(world, "removal_asked", "unsuppressed") == [
        ("removal_asked", world.bob.id),
        ("unsuppressed", world.carol.id),
    ]


async def test_a_removal_waits_a_day_for_its_second_person(world: World) -> None:
    """After that the second person is the first again."""
    await world.start()
    await typed(world, world.alice, f"stop {NUMBER}", "on the suppression list now")
    await typed(world, world.bob, f"unstop {NUMBER} mistake", "within 24 hours")
    world.clock.jump(hours=24)
    await typed(world, world.carol, f"unstop {NUMBER} agree 1", "Removal 1 is no longer waiting")
    await typed(world, world.carol, f"unstop {NUMBER} mistake", "agree 2 within 24 hours")
    assert listed(world) == [(NUMBER, world.alice.id)]
    await typed(world, world.bob, f"unstop {NUMBER} agree 2", "is off")


async def test_who_asks_to_stop_again_ends_a_removal_that_waits(world: World) -> None:
    """A second person then agrees to nothing that is still wanted."""
    await world.start()
    await typed(world, world.alice, f"stop {NUMBER}", "on the suppression list now")
    await typed(world, world.bob, f"unstop {NUMBER} mistake", "Another approver")
    await typed(world, world.alice, f"stop {NUMBER}", "already")
    await typed(world, world.carol, f"unstop {NUMBER} agree 1", "Removal 1 is no longer waiting")
    assert listed(world) == [(NUMBER, world.alice.id)]


async def test_two_old_orders_do_not_take_off_what_was_put_on_again(world: World) -> None:
    """The second names the first's removal, so that both together undo no later stop."""
    await world.start()
    await typed(world, world.alice, f"stop {NUMBER}", "on the suppression list now")
    for _ in range(2):
        await typed(world, world.bob, f"unstop {NUMBER} mistake", "Another approver")
        await typed(world, world.carol, f"unstop {NUMBER} agree 1", "")
        await typed(world, world.alice, f"stop {NUMBER}", "on the suppression list")
    assert listed(world) == [(NUMBER, world.alice.id)]
    assert len(record(world, "unsuppressed")) == 1


async def test_what_is_not_on_the_list_cannot_be_taken_off(world: World) -> None:
    """Said plainly, whatever was typed as the reason."""
    await world.start()
    await typed(world, world.bob, f"unstop {NUMBER} <!channel> why", "not on the suppression list")
    assert world.notices() == []


async def test_the_reason_is_shown_as_it_was_typed(world: World) -> None:
    """Markup and mentions in a reason do nothing."""
    await world.start()
    await typed(world, world.alice, f"stop {NUMBER}", "on the suppression list now")
    await typed(world, world.bob, f"unstop {NUMBER} <!channel> *look* <https://a.example|b>", "Another")
    (notice,) = await world.until(world.notices)
    assert "<!channel> *look*" in notice
    (message,) = [m for m in world.alice.sees(world.channel) if m.plain == notice]
    assert "<!channel>" not in message.text and {b["type"] for b in message.blocks} == {"rich_text"}


def _value(card: Message) -> str:
    elements = [element for block in card.blocks for element in block.get("elements", [])]
    return str(next(element["value"] for element in elements if element.get("action_id") == "approve"))


async def test_where_the_number_ends_is_asked_and_not_guessed(world: World) -> None:
    """The command comes back once for each number it may be; typed again, just that one is on the list."""
    await world.start()
    both = ("/call stop +4930901820: 3 times they asked us", "/call stop +49309018203: times they asked us")
    for order in ("stop +49 30 901820", "stop +4930901820"):
        await typed(world, world.carol, f"{order} 3 times they asked us", "not clear where the number ends")
        said = world.carol.hears(world.channel)[-1].plain
        assert all(command in said for command in both) and listed(world) == []
    await typed(world, world.carol, both[0].removeprefix("/call "), "is on the suppression list now")
    await typed(
        world, world.carol, "stop +1 617 645 1984 3 times they asked", f"{SHOWN} is on the suppression"
    )
    assert listed(world) == [(NUMBER, world.carol.id), ("+4930901820", world.carol.id)]
    whys = {row["why"] for row in world.rows("SELECT why FROM suppressions")}
    assert whys == {"3 times they asked us", "3 times they asked"}
    await typed(
        world, world.bob, "unstop +49 30 901820 3 times wrong", "/call unstop +4930901820: 3 times wrong"
    )
