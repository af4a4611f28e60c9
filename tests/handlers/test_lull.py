"""Acknowledgements go first: what follows them waits for the end of a burst, but not for long."""

import asyncio
from collections.abc import Callable

import pytest

from bot.lull import Lull

EVER = 3600.0
GAP = 0.5


def come(lull: Lull) -> None:
    """Something comes in and is acknowledged at once."""
    with lull.until_acknowledged():
        pass


async def is_over(lull: Lull) -> bool:
    """Whether what follows an acknowledgement goes on at once."""
    waiting = asyncio.create_task(lull.wait())
    await asyncio.sleep(0)
    over = waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    return over


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many seconds pass, which is the only way in which they do."""
    now = [1000.0]
    monkeypatch.setattr("bot.lull._now", lambda: now[0])

    def passing(seconds: float) -> None:
        now[0] += seconds

    return passing


async def test_what_comes_alone_waits_for_nothing() -> None:
    """A click on Approve while nothing else comes in goes on at once."""
    lull = Lull(gap=EVER, longest=EVER)
    come(lull)
    assert await is_over(lull)


async def test_in_a_burst_everyone_waits_for_their_turn() -> None:
    """Where one payload comes upon the other nobody goes on at once, and then the oldest does first."""
    lull, order = Lull(gap=EVER, longest=0.05), list[int]()

    async def listen(number: int) -> None:
        await lull.wait()
        order.append(number)

    come(lull)
    come(lull)
    listening = [asyncio.create_task(listen(number)) for number in range(5)]
    await asyncio.sleep(0)
    assert order == []
    await asyncio.gather(*listening)
    assert order == list(range(5))


async def test_a_burst_lasts_as_long_as_its_acknowledgements(pass_time: Callable[[float], None]) -> None:
    """Nothing comes in while all wait for the disk, and that is no lull: the next come with the answers."""
    lull = Lull(gap=GAP, longest=EVER)
    with lull.until_acknowledged(), lull.until_acknowledged():
        pass_time(2 * GAP)
        assert not await is_over(lull)
    assert not await is_over(lull), "what they lead to may be on its way"
    pass_time(2 * GAP)
    assert await is_over(lull)


async def test_one_that_takes_long_holds_nobody_up(pass_time: Callable[[float], None]) -> None:
    """A form whose file is still being fetched is no burst."""
    lull = Lull(gap=GAP, longest=EVER)
    with lull.until_acknowledged():
        pass_time(2 * GAP)
        come(lull)
        pass_time(2 * GAP)
        assert await is_over(lull)


async def test_a_burst_without_an_end_is_waited_for_no_longer_than_that() -> None:
    """However much comes in, what follows an acknowledgement is done in the end."""
    lull = Lull(gap=EVER, longest=0.01)
    come(lull)
    come(lull)
    async with asyncio.timeout(60):
        await lull.wait()
