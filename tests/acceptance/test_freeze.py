"""The freeze: any approver stops every placement at once, two others have it go on."""

from __future__ import annotations

import asyncio

import pytest

from bot.slack.api.scopes import SCOPES
from sandbox.slack.model import Message
from sandbox.slack.person import Person
from tests.operations.test_metrics import value
from tests.support.world import NO_CAPS, NUMBER, World


async def typed(world: World, person: Person, text: str, answer: str) -> None:
    """Type it behind /call; that person alone is answered so."""
    before = len(person.hears(world.channel))
    await person.type(f"/call {text}", world.channel)
    heard = await world.until(lambda: person.hears(world.channel)[before:])
    assert answer in heard[0].plain


async def approved(world: World) -> Message:
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "Approved by")
    return card


async def nothing_is_dialed(world: World) -> None:
    """However long it lasts, within the approval's life."""
    for _ in range(6):
        world.clock.jump(minutes=1)
        await asyncio.sleep(0.05)
    assert not world.polyai.posts


async def test_a_freeze_stops_placements_and_two_others_end_it(world: World) -> None:
    """Approved calls wait, nothing is dialed, the channel is told each step; then they go on at once."""
    dave = world.slack.add_person("Dave")
    world.channel.members.append(dave.id)
    await world.start()
    await typed(world, world.carol, "freeze Wrong <!here> agent", "Dialing is frozen.")
    card = await approved(world)
    await nothing_is_dialed(world)
    await typed(world, world.carol, "unfreeze 1", "You froze dialing, so 2 other approvers")
    await typed(world, world.bob, "unfreeze 1", "It still takes 1 more approver")
    await typed(world, world.bob, "unfreeze 1", "You have typed this already")
    await nothing_is_dialed(world)
    await typed(world, dave, "unfreeze 1", "Dialing goes on.")
    await world.told(card, "PolyAI reports success")
    frozen, asked, over = await world.until(lambda: (n := world.notices()) and len(n) == 3 and n)
    assert frozen.startswith(f"Dialing is frozen by <@{world.carol.id}>: Wrong <!here> agent")
    assert "cannot be taken back" in frozen and "/call unfreeze 1." in frozen
    assert f"<@{world.bob.id}> wants dialing to go on" in asked and "/call unfreeze 1:" in asked
    assert over == f"Dialing goes on: <@{world.bob.id}> and <@{dave.id}> have ended the freeze."
    rows = world.rows("SELECT * FROM audit_events WHERE event LIKE '%froze%' OR event = 'lift_asked'")
    assert [(row["event"], row["actor"]) for row in rows] == [
        ("frozen", world.carol.id),
        ("lift_asked", world.bob.id),
        ("unfrozen", dave.id),
    ]
    assert {row["details"] for row in rows} == {'{"freeze": 1, "lifts_needed": 2}', '{"freeze": 1}'}


async def test_a_freeze_counts_within_a_second_for_calls_that_wait(world: World) -> None:
    """Many approved calls, one of them refused just now: none is sent after the freeze was answered."""
    world.polyai.refuse_token = True
    await world.start()
    cards = [await approved(world) for _ in range(3)]
    await world.told(cards[0], "refused our access")
    await typed(world, world.carol, "freeze the agent is wrong", "Dialing is frozen.")
    world.polyai.refuse_token = False
    sent = len(world.polyai.posts)
    world.clock.jump(hours=1)
    await asyncio.sleep(0.3)
    assert len(world.polyai.posts) == sent and not world.polyai.calls


async def test_a_freeze_survives_a_restart_and_is_shown(world: World) -> None:
    """After the restart nothing is dialed; /readyz says frozen and stays 200, the gauge is 1 until then."""
    await world.start()
    assert await readiness(world) == (200, "on") and await value(world, "dialing_frozen") == 0
    await typed(world, world.carol, "freeze why not", "Dialing is frozen.")
    card = await approved(world)
    await world.restart()
    await nothing_is_dialed(world)
    assert await readiness(world) == (200, "frozen") and await value(world, "dialing_frozen") == 1
    await typed(world, world.bob, "unfreeze 1", "It still takes 1 more")
    await world.restart()
    await typed(world, world.bob, "unfreeze 1", "You have typed this already")
    await typed(world, world.alice, "unfreeze 1", "Dialing goes on.")
    await world.told(card, "PolyAI reports success")
    assert await readiness(world) == (200, "on") and await value(world, "dialing_frozen") == 0
    assert world.polyai.rings(NUMBER) == 1


async def test_a_frozen_call_expires_as_any_other(world: World) -> None:
    """A freeze that lasts longer than an approval leaves nothing to be dialed afterwards."""
    await world.start()
    await typed(world, world.carol, "freeze why not", "Dialing is frozen.")
    card = await approved(world)
    world.clock.jump(hours=25)
    await world.told(card, "the approval has expired")
    assert not world.polyai.posts


async def test_with_two_approvers_the_other_one_lifts_it(world: World) -> None:
    """It takes no more people than there are: of two approvers one freezes, and the other resumes it."""
    await world.start(callgate_approvers=f"{world.bob.id},{world.carol.id}")
    await typed(world, world.bob, "freeze now", "It resumes when another approver has typed")
    await typed(world, world.bob, "unfreeze 1", "another approver has to type")
    await typed(world, world.carol, "unfreeze 1", "Dialing goes on.")
    assert not world.rows("SELECT * FROM freezes WHERE lifted_at IS NULL")


async def test_an_approver_who_left_is_not_needed(world: World) -> None:
    """There were three when it was frozen; one is deactivated since: the one that is left lifts it."""
    everybody = f"{world.alice.id},{world.bob.id},{world.carol.id}"
    await world.start(callgate_approvers=everybody)
    await typed(world, world.bob, "freeze now", "It resumes when 2 other approvers have typed")
    world.alice.user.deactivated = True
    await typed(world, world.carol, "unfreeze 1", "Dialing goes on.")


async def test_a_freeze_works_while_slack_does_not_say_who_may_lift_it(world: World) -> None:
    """Stopping is not held up by counting: the usual number is needed then."""
    await world.start(callgate_approvers=f"{world.bob.id},S0GONE")
    await typed(world, world.bob, "freeze now", "It resumes when 2 other approvers have typed")


async def test_only_approvers_can_freeze_and_unfreeze(world: World) -> None:
    """Somebody else, a guest, or somebody in a channel that says nothing of them is told why not."""
    guest = world.slack.add_person("Gina", guest=True)
    world.channel.members.append(guest.id)
    await world.start(callgate_approvers=f"{world.bob.id},{guest.id}")
    await typed(world, world.carol, "freeze now", "not one of the approvers")
    await typed(world, guest, "freeze now", "guests")
    await typed(world, world.bob, "freeze now", "there is no other approver who could resume it")
    await typed(world, world.carol, "unfreeze 1", "not one of the approvers")
    assert len(world.rows("SELECT * FROM freezes WHERE lifted_at IS NULL")) == 1
    assert not world.rows("SELECT * FROM freeze_lifts")


async def test_with_nobody_named_it_takes_somebody_of_the_channel(world: World) -> None:
    """In a direct message, or where the bot is not, nobody can be told to be an approver: fail closed."""
    await world.start()
    private = world.slack.add_channel("elsewhere", [world.carol], private=True)
    private.members.remove(world.slack.bot_user_id)
    world.slack.grant(SCOPES)
    direct = world.slack.workspace.direct_message(world.slack.bot_user_id, world.carol.id)
    for where in (private, direct):
        await world.carol.type("/call freeze now", where)
        await world.until(lambda where=where: world.carol.hears(where))
        said = "cannot see who may approve" if where is private else "not one of the approvers"
        assert said in world.carol.hears(where)[0].plain
    assert not world.rows("SELECT * FROM freezes")


async def test_what_cannot_be_read_changes_nothing(world: World) -> None:
    """Each gets a sentence that says what to do."""
    await world.start()
    await typed(world, world.carol, "freeze", "/call freeze")
    await typed(world, world.carol, "freeze \u200b\u202e", "/call freeze")
    await typed(world, world.carol, "freeze " + "x" * 301, "300 characters")
    await typed(world, world.carol, "unfreeze now", "/call unfreeze 3")
    await typed(world, world.carol, "unfreeze", "Dialing is not frozen.")
    assert not world.rows("SELECT * FROM freezes")


async def test_a_second_freeze_is_told_of_the_first(world: World) -> None:
    """There is one freeze at a time, and another after it is over."""
    await world.start()
    await typed(world, world.carol, "freeze first", "Dialing is frozen.")
    await typed(world, world.bob, "freeze second", f"frozen already, by <@{world.carol.id}>")
    await typed(world, world.bob, "unfreeze 1", "1 more")
    await typed(world, world.alice, "unfreeze 1", "Dialing goes on.")
    await typed(world, world.bob, "freeze second", "Dialing is frozen.")
    await typed(world, world.carol, "unfreeze 2", "1 more")


async def test_the_end_is_told_where_the_freeze_was_told(world: World) -> None:
    """Two people in another channel end it: who froze it reads that where they are."""
    other = world.slack.add_channel("other", [world.alice, world.bob])
    await world.start()
    await typed(world, world.carol, "freeze why not", "Dialing is frozen.")
    for person in (world.alice, world.bob):
        await person.type("/call unfreeze 1", other)
        await world.until(lambda p=person: p.hears(other))
    await world.until(lambda: len(world.notices()) == 3 and len(world.notices(other)) == 2)
    assert "have ended the freeze" in world.notices()[-1] and "have ended" in world.notices(other)[-1]


FROZEN = "Dialing is frozen: nothing is dialed until the freeze is over."
WAITS = "Call approved: waits, because dialing is frozen"


async def test_cards_that_wait_say_that_dialing_is_frozen_until_it_is_not(world: World) -> None:
    """A freeze edits the pending and the approved card and no other, and so does its end."""
    await world.start(callgate_policy=NO_CAPS)
    over, pending = await approved(world), await world.ask()
    await world.shows(over, "Call connected")
    edits = len(over.edits)
    await typed(world, world.carol, "freeze why not", "Dialing is frozen.")
    await world.shows(pending, FROZEN)
    waiting = await approved(world)
    await world.shows(waiting, WAITS)
    assert FROZEN in waiting.plain and "waiting to be dialed" not in waiting.plain
    await typed(world, world.bob, "unfreeze 1", "It still takes 1 more")
    assert FROZEN in pending.plain
    await typed(world, world.alice, "unfreeze 1", "Dialing goes on.")
    await world.until(lambda: FROZEN not in pending.plain)
    await world.shows(waiting, "Call connected")
    assert FROZEN not in waiting.plain and len(over.edits) == edits


async def test_the_form_says_that_dialing_is_frozen(world: World) -> None:
    """When it opens, and still when it has grown; without a freeze it says nothing of it."""
    await world.start()
    await world.alice.type("/call", world.channel)
    form = await world.until(lambda: world.alice.modals and world.alice.modals[-1])
    assert FROZEN not in form.plain
    await world.alice.close(form)
    await typed(world, world.carol, "freeze why not", "Dialing is frozen.")
    await world.alice.type("/call", world.channel)
    form = await world.until(lambda: world.alice.modals and world.alice.modals[-1])
    assert FROZEN in form.plain
    await world.unfold(world.alice, ["zone"])
    assert FROZEN in world.alice.modals[-1].plain


async def readiness(world: World) -> tuple[int, str]:
    """What `/readyz` says of dialing."""
    status, parts = await world.readiness()
    return status, parts["dialing"]


@pytest.mark.parametrize(("number", "says"), [(1, "nobody could resume"), (2, "the other one"), (3, "")])
async def test_the_start_says_what_few_approvers_mean(world: World, number: int, says: str) -> None:
    """With one or two named, the log says at the start who could end a freeze; with more it says nothing."""
    people = (world.alice, world.bob, world.carol)[:number]
    await world.start(callgate_approvers=",".join(person.id for person in people))
    assert says in world.logs.text and ("few_approvers" in world.logs.text) is bool(says)
