"""`/metrics`: each number is what happened, and the documentation names exactly what there is."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.answer import Conclusion
from bot.domain.states import Status
from sandbox import faults as network
from sandbox.polyai import faults
from sandbox.slack import faults as slack_faults
from tests.support.world import World

DOCUMENTED = Path(__file__).parents[2] / "docs" / "metrics.md"


async def page(world: World) -> str:
    url = f"http://127.0.0.1:{world.port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        return await response.text()


async def value(world: World, name: str, **labels: str) -> float:
    """The value of one sample."""
    for family in text_string_to_metric_families(await page(world)):
        for sample in family.samples:
            if sample.name == f"callgate_{name}" and sample.labels == labels:
                return sample.value
    raise AssertionError(f"there is no {name} {labels}")


async def test_the_documentation_names_exactly_what_there_is(world: World) -> None:
    """Name, kind and labels in docs/metrics.md are those on the page, from the start."""
    await world.start()
    shown = set()
    for family in text_string_to_metric_families(await page(world)):
        for sample in family.samples:
            shown.add((sample.name, family.type, ",".join(sample.labels)))
    row = re.compile(r"^\| `(callgate_\w+)` \| (\w+) \| *`?(\w*)`? *\|", re.MULTILINE)
    rows = row.findall(DOCUMENTED.read_text())
    assert shown == set(rows)


async def test_calls_are_counted_where_they_stand(world: World) -> None:
    """Each request counts once, under the status that it has now, also after a restart."""
    await world.start()
    done = await world.ask()
    await world.bob.click(done, "approve")
    await world.told(done, "PolyAI reports success")
    await world.ask()
    await world.restart()
    counted = {status: await value(world, "calls", status=status) for status in Status}
    assert {status: count for status, count in counted.items() if count} == {
        Status.SUCCEEDED: 1,
        Status.PENDING_APPROVAL: 1,
    }
    assert await value(world, "dial_attempts_total", conclusion=Conclusion.PLACED) == 1


async def test_dial_attempts_are_counted_by_their_conclusion(world: World) -> None:
    """Each POST counts once under what its answer let us conclude."""
    world.polyai.faults.add("place", faults.answer(500), times=2)
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")
    assert await value(world, "dial_attempts_total", conclusion="failed_to_place") == 2
    assert await value(world, "dial_attempts_total", conclusion="placed") == 1
    assert await value(world, "polls_total", result="status") == len(
        next(iter(world.polyai.calls.values())).polls
    )


async def test_held_dialing_is_shown_also_after_a_restart(world: World) -> None:
    """While PolyAI refuses the token the gauge is 1, and 0 as soon as a call goes through."""
    world.polyai.refuse_token = True
    await world.start()
    assert await value(world, "dialing_held") == 0
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "refused our access")
    assert await value(world, "dialing_held") == 1
    await world.restart()
    assert await value(world, "dialing_held") == 1
    world.polyai.refuse_token = False
    world.clock.jump(minutes=1)
    await world.told(card, "PolyAI reports success")
    assert await value(world, "dialing_held") == 0


async def test_what_waits_for_slack_is_counted_with_its_age(world: World) -> None:
    """Pending messages and the age of the oldest grow while Slack takes nothing."""
    await world.start()
    card = await world.ask()
    await world.until(lambda: not world.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
    assert await value(world, "outbox_pending") == await value(world, "outbox_oldest_pending_seconds") == 0
    for method in ("chat.postMessage", "chat.update"):
        world.slack.faults.add(method, slack_faults.http_error(503), times=None)
    await world.alice.click(card, "cancel")
    pending = "SELECT 1 FROM outbox WHERE sent_at IS NULL"
    await world.until(lambda: len(world.rows(pending)) == 2)  # a click is acknowledged before it is stored
    world.clock.jump(minutes=10)
    assert await value(world, "outbox_pending") == 2
    assert await value(world, "outbox_oldest_pending_seconds") >= 600


async def test_dead_letters_are_counted(world: World) -> None:
    """What Slack refuses for good is one dead letter."""
    await world.start()
    card = await world.ask()
    world.slack.faults.add("chat.postMessage", slack_faults.error("msg_too_long"))
    await world.alice.click(card, "cancel")
    await world.until(lambda: world.rows("SELECT 1 FROM outbox WHERE dead_at IS NOT NULL"))
    assert await value(world, "outbox_dead_letters") == 1


async def test_every_429_is_counted(world: World) -> None:
    """Whichever method Slack answers with 429."""
    await world.start()
    world.slack.faults.add("chat.postMessage", slack_faults.rate_limited(), times=2)
    card = await world.ask()
    world.slack.faults.add("users.info", slack_faults.rate_limited())
    await world.bob.click(card, "approve")
    await world.hears(world.bob, "Slack is busy")
    assert await value(world, "slack_rate_limited_total") == 3


@pytest.mark.parametrize(
    ("fault", "may_be_there"),
    [
        (network.lose_answer(), 1),
        (network.garbage(), 1),
        (slack_faults.error("fatal_error"), 1),
        (slack_faults.error("service_unavailable"), 0),
        (slack_faults.rate_limited(), 0),
    ],
    ids=["lost", "garbage", "fatal_error", "service_unavailable", "429"],
)
async def test_posts_that_may_appear_twice_are_counted(
    world: World, fault: network.Fault, may_be_there: int
) -> None:
    """A post counts where Slack may have taken it although we had no answer, and only there."""
    await world.start()
    world.slack.faults.add("chat.postMessage", fault)
    await world.ask()
    await world.until(lambda: not world.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
    assert await value(world, "slack_posts_unanswered_total") == may_be_there


async def test_an_edit_whose_answer_was_lost_is_not_a_post(world: World) -> None:
    """An edit that is made twice shows the same card."""
    await world.start()
    card = await world.ask()
    world.slack.faults.add("chat.update", network.lose_answer())
    await world.alice.click(card, "cancel")
    await world.shows(card, "Call cancelled")
    await world.until(lambda: not world.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
    assert await value(world, "slack_posts_unanswered_total") == 0


async def test_the_socket_is_shown_and_a_second_connection_is_an_alarm(world: World) -> None:
    """Slack counts the app's connections; where there are more than ours the log says so."""
    await world.start()
    await world.until(lambda: world.slack.socket.connections)
    assert await value(world, "socket_connected") == await value(world, "socket_connections") == 1
    world.slack.socket.num_connections_reported = 3
    await world.slack.socket.disconnect("link_disabled")
    await world.until(lambda: "connections_shared" in world.logs.text, timeout=20)
    assert await value(world, "socket_connections") == 3


async def test_in_http_mode_there_is_a_page_and_no_socket_on_it(world: World) -> None:
    """The page is there in both modes; what only Socket Mode has is missing in the other."""
    await world.start(slack_app_token=None, slack_signing_secret=world.slack.signing_secret)
    shown = await page(world)
    assert "callgate_calls" in shown and "callgate_socket" not in shown
