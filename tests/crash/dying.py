"""Has the bot die at one place, and holds what comes of it against the promises."""

from __future__ import annotations

from pathlib import Path

from bot.crash_points import EXIT_CODE
from storage.rows import to_request
from tests.crash.places import every_effect
from tests.crash.stories import Story, story_with
from tests.support.forked_bot import ForkedBot
from tests.support.process_world import ProcessWorld
from tests.support.promises import agrees, reckon


def places(*, commits: bool) -> list[str]:
    """The places of all commits, or of everything else."""
    effects = [effect for effect in every_effect() if effect.startswith("commit of ") is commits]
    return sorted(f"{moment} {effect}" for effect in effects for moment in ("before", "after"))


async def die_at(place: str, folder: Path, *, http: bool = False) -> None:
    """Play the story that reaches the place; the bot dies there and is started again.

    Slack reaches it over Socket Mode, or with `http` over signed requests.
    """
    story = story_with(place.split(" ", 1)[1].partition(":")[0])
    assert story is not None, f"no story reaches {place}"
    house = ProcessWorld(folder, ForkedBot, http=http, **story.env)
    house.slack.ack_timeout = 1.5
    await house.open(place)
    try:
        await _die(story, place, house)
    finally:
        await house.close()


async def _die(story: Story, place: str, house: ProcessWorld) -> None:
    await story.play(house)
    assert await house.seen(lambda: EXIT_CODE in house.deaths), f"{place} was never reached\n{house.dump()}"
    await _settled(house)
    assert reckon(house.database, house.slack, house.polyai).broken == [], house.dump()
    await _mended(house)


async def _settled(house: ProcessWorld) -> None:
    """Slack has been told everything."""
    left = "SELECT 1 FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL"
    assert await house.seen(lambda: house.status and not house.rows(left), 20), house.dump()


async def _mended(house: ProcessWorld) -> None:
    """A copy of the card that Callgate does not know comes up to date when somebody clicks on it."""
    (row,) = house.rows("SELECT * FROM call_requests")
    request = to_request(row)
    for copy in [card for card in house.cards() if card.buttons and card.ts != row["card_ts"]]:
        await house.insist(lambda c=copy: house.bob.click(c, c.buttons[0]), lambda c=copy: agrees(request, c))
