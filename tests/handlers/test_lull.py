"""Acknowledgements go first: what follows them waits for the end of a burst, but not for long."""

import asyncio

from bot.lull import Lull

EVER = 3600.0


async def test_what_comes_alone_waits_for_nothing() -> None:
    """A click on Approve while nothing else comes in goes on at once."""
    lull = Lull(gap=EVER, longest=EVER)
    lull.came()
    waiting = asyncio.create_task(lull.wait())
    await asyncio.sleep(0)
    assert waiting.done()


async def test_in_a_burst_everyone_waits_for_their_turn() -> None:
    """Where one payload comes upon the other nobody goes on at once, and then the oldest does first."""
    lull, order = Lull(gap=EVER, longest=0.05), list[int]()

    async def listen(number: int) -> None:
        await lull.wait()
        order.append(number)

    lull.came()
    lull.came()
    listening = [asyncio.create_task(listen(number)) for number in range(5)]
    await asyncio.sleep(0)
    assert order == []
    await asyncio.gather(*listening)
    assert order == list(range(5))


async def test_a_burst_without_an_end_is_waited_for_no_longer_than_that() -> None:
    """However much comes in, what follows an acknowledgement is done in the end."""
    lull = Lull(gap=EVER, longest=0.01)
    lull.came()
    lull.came()
    async with asyncio.timeout(60):
        await lull.wait()
